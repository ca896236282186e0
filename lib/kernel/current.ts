import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { checkThreads, type Engine } from './engine.ts'
import { wasm } from './wasm/wasm.ts'

let current: Engine | undefined

const missing = (reason: unknown): ValueError =>
  new ValueError({
    op: 'engine',
    expected: 'a platform that compiles WebAssembly with SIMD',
    actual: `one that does not (${reason})`,
    code: 'no-engine',
    remedy:
      "let script-src of the page's policy have 'wasm-unsafe-eval', or useEngine(reference) of pullback/reference",
  })

/**
 * The current engine: its name, its threads, the machine features it uses, the bytes it holds; and its kernels. It is
 * `wasm` until `useEngine` makes another one compute. A `ValueError` where WebAssembly, its SIMD or permission to compile
 * it is missing: `reference` runs there.
 *
 * @example
 * import { engine } from 'pullback'
 * engine().name // => 'wasm'
 * engine().threads // => 1
 * engine().bytes >= 2 ** 25 // => true
 */
export const engine = (): Engine => {
  try {
    current ??= wasm()
  } catch (e) {
    throw missing(e)
  }
  return current
}

/** The current engine; another one where none runs yet. */
const engineOr = (other: Engine): Engine => {
  try {
    return engine()
  } catch {
    return other
  }
}

/**
 * Makes another engine the current one; returns the previous one, whose threads end, or the new one where none ran
 * before it. `pullback/node` has an engine that multiplies with OpenBLAS, `pullback/reference` one without WebAssembly.
 *
 * @example
 * import { engine, useEngine } from 'pullback'
 * const before = useEngine(engine().withThreads(2))
 * before.name // => 'wasm'
 */
export const useEngine = (next: Engine): Engine => {
  if (typeof next?.scope !== 'function')
    throw new ValueError({
      op: 'useEngine',
      expected: 'an engine',
      actual: describe(next),
      code: 'wrong-argument',
      remedy: 'native() and relaxed() give an Either: the engine is its .right',
    })
  const before = engineOr(next)
  before.stop()
  current = next
  return before
}

/** Runs a function with another engine in the place of the current one. */
export const using = <A>(other: Engine, f: () => A): A => {
  const before = current
  current = other
  try {
    return f()
  } finally {
    current = before
  }
}

/**
 * Lets matrix products run on n threads; returns their number: 1 where threads cannot share memory, as on a page that
 * is not cross-origin isolated. Threads start with the first product that is large enough and keep no process alive; if
 * one cannot start, `engine()` has fewer `threads` from then on. Results do not depend on their number, to the last
 * bit.
 *
 * @example
 * import { threads } from 'pullback'
 * threads(2) // => 2
 * threads(1) // => 1
 */
export const threads = (n: number): number => {
  checkThreads(n)
  if (n !== engine().threads) useEngine(engine().withThreads(n))
  return engine().threads
}
