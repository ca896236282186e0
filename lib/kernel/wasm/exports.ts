import type { Float } from '../../type/tensor.ts'
import type { KernelName } from '../names.ts'

type Run = (...args: readonly number[]) => void

/** The arguments of a product; addresses are in bytes, strides in entries. */
export type ProductArguments = readonly [
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
]

/** C = A B for C [M, N], A [M, K] and B [K, N], or C += A B if `add` is 1. C is row-major; A and B have any strides. */
export type Product = (...args: ProductArguments) => void

export type Products = Readonly<Record<Float, Product>>

interface ProductKernels {
  readonly product: Product
  /** A product by several threads; only in shared memory. */
  readonly split: (threads: number, room: number, ...args: ProductArguments) => void
}

/** The kernels of one number format, without the format's suffix: those of the core, and some of another set. */
export type FloatKernels<N extends string = never> = ProductKernels &
  Readonly<Record<'map' | 'zip' | Exclude<KernelName, 'product' | 'split'> | N, Run>>

/** The kernels that a program may call. */
export interface KernelExports<N extends string = never> {
  readonly float32: FloatKernels<N>
  readonly float64: FloatKernels<N>
  readonly repeat: Run
  readonly threefry: Run
  /** Kernels on numbers of 4 or 8 bytes. */
  readonly clear: Run
  readonly move: Run
  readonly gather: Run
  readonly pick: Run
  readonly takeAlong: Run
  readonly argmax: Run
  readonly argsort: Run
  /** Casts from and to float64. */
  readonly widen: Run
  readonly narrow: Run
  readonly fromInt32: Run
  readonly toInt32: Run
}

export interface Exports extends KernelExports {
  /** The bytes that a product needs besides its factors. */
  readonly workspace: () => number
  /** The number of running threads among the first n. */
  readonly ready: (n: number) => number
  /** Ends a thread; 0 if it was not running. */
  readonly end: (id: number) => 0 | 1
}

/** The start of the code, up to the byte with the kind of its memory, ends with this import. */
const memoryImport = '\x03env\x06memory\x02'
/** The kind byte of a memory with a maximum that threads do not share. */
const unshared = 1

/** The kernels, from their code, for memory shared by threads; or for one thread, which differs in one byte. */
export const compiled = (code: Uint8Array, shared: boolean): WebAssembly.Module => {
  const bytes = new Uint8Array(code)
  const start = String.fromCharCode(...bytes.subarray(0, 4096))
  if (!shared) bytes[start.indexOf(memoryImport) + memoryImport.length] = unshared
  return new WebAssembly.Module(bytes)
}

/** Exports by number format, as kernels are called. */
export const byFormat = <E>(exports: Readonly<Record<string, unknown>>): E => {
  const format = (suffix: string) =>
    Object.fromEntries(
      Object.entries(exports).flatMap(([name, f]) =>
        name.endsWith(suffix) ? [[name.slice(0, -suffix.length), f]] : [],
      ),
    )
  return { ...exports, float32: format('_f32'), float64: format('_f64') } as E
}

/** The exports of kernels on a memory. */
export const instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Exports =>
  new WebAssembly.Instance(module, { env: { memory } }).exports

/** The address of the workspace of products, which is that of the threads' jobs. */
export const jobs = 64 * 128
