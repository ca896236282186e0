import { plain } from './binary.ts'

type Run = (...args: readonly number[]) => void

/**
 * C = A B for C [M, N], A [M, K] and B [K, N], or C += A B if `add` is 1: C row by row, A and B of any strides. Addresses are bytes, strides are
 * entries.
 */
export type Product = (
  add: 0 | 1,
  M: number,
  N: number,
  K: number,
  A: number,
  aRow: number,
  aColumn: number,
  B: number,
  bRow: number,
  bColumn: number,
  C: number,
  cRow: number,
  workspace: number,
) => void

/** The kernels of one number format: what assembly/ exports, without the format's suffix. */
export interface FloatKernels {
  readonly map: Run
  readonly zip: Run
  readonly product: Product
  readonly sumRows: Run
  readonly sumColumns: Run
  readonly softmax: Run
  readonly logSoftmax: Run
  readonly logSumExp: Run
  readonly adam: Run
  readonly uniform: Run
}

export interface Exports {
  readonly float32: FloatKernels
  readonly float64: FloatKernels
  readonly repeat: Run
  readonly threefry: Run
  /** Bytes that a product needs besides its factors. */
  readonly workspace: () => number
}

const floats: readonly (keyof FloatKernels)[] = [
  'map',
  'zip',
  'product',
  'sumRows',
  'sumColumns',
  'softmax',
  'logSoftmax',
  'logSumExp',
  'adam',
  'uniform',
]

/** The compiled kernels on a memory. */
export const instantiate = (memory: WebAssembly.Memory): Exports => {
  const code = Uint8Array.from(atob(plain), (c) => c.charCodeAt(0))
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } })
  const all = exports as Readonly<Record<string, never>>
  const ofFormat = (suffix: string) =>
    Object.fromEntries(floats.map((name) => [name, all[`${name}_${suffix}`]])) as unknown as FloatKernels
  const [repeat, threefry, workspace] = ['repeat', 'threefry', 'workspace'].map((name) => all[name])
  return { float32: ofFormat('f32'), float64: ofFormat('f64'), repeat, threefry, workspace } as unknown as Exports
}
