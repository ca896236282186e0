// The peak of one core with vectors of 128 bits: multiplications and additions in registers only.
import asc from 'assemblyscript/asc'

const chains = Array.from({ length: 12 }, (_, i) => i)
const source = (type: 'f32' | 'f64', lanes: number): string => `
export function peak_${type}(n: i32): v128 {
  const x = ${type}x${lanes}.splat(0.999), y = ${type}x${lanes}.splat(1e-9)
  ${chains.map((i) => `let c${i} = ${type}x${lanes}.splat(${i});`).join(' ')}
  for (let i = 0; i < n; i++) {
    ${chains.map((i) => `c${i} = ${type}x${lanes}.add(${type}x${lanes}.mul(c${i}, x), y);`).join(' ')}
  }
  return ${chains.slice(1).reduce((sum, i) => `v128.or(${sum}, c${i})`, 'c0')}
}
export function run_${type}(n: i32): i32 { return i32x4.extract_lane(peak_${type}(n), 0) }
`

type Run = (n: number) => number

/** Operations of one call with n rounds, and the call. */
export interface Peak {
  readonly operations: (n: number) => number
  readonly run: Run
}

/** Loops of vector arithmetic only, compiled as the kernels are. */
export const peaks = async (): Promise<Readonly<Record<'float32' | 'float64', Peak>>> => {
  const text = (source('f32', 4) + source('f64', 2)).replaceAll('export function peak_', 'function peak_')
  let code = new Uint8Array()
  const { error, stderr } = await asc.main(
    ['peak.ts', '--outFile', 'peak.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
    {
      readFile: (name: string) => (name === 'peak.ts' ? text : null),
      writeFile: (_: string, contents: string | Uint8Array) => {
        if (typeof contents !== 'string') code = new Uint8Array(contents)
      },
    },
  )
  if (error) throw new Error(stderr.toString())
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), {})
  const { run_f32, run_f64 } = exports as Readonly<Record<'run_f32' | 'run_f64', Run>>
  return {
    float32: { operations: (n) => n * chains.length * 2 * 4, run: run_f32 },
    float64: { operations: (n) => n * chains.length * 2 * 2, run: run_f64 },
  }
}
