import * as E from '#fp/Either'
import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { checkThreads, type Engine } from '../kernel/engine.ts'
import { type Code, portable, wasm } from '../kernel/wasm/wasm.ts'
import { pieces } from './binary.ts'
import { assembled } from './code.ts'

export interface RelaxedOptions {
  /** Overwrites the memory that a training step has released with NaN, to find tensors that escape from it. */
  readonly poison?: boolean | undefined
  /** The number of threads for matrix products, including this one; 1 where threads cannot share memory. */
  readonly threads?: number | undefined
}

const header = [0, 97, 115, 109, 1, 0, 0, 0]
const type = [1, 5, 1, 96, 0, 1, 123]
const declaration = [3, 2, 1, 0]
/** Three vectors of zeros, and `f32x4.relaxed_madd` of them. */
const body = [65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11]
const probe = Uint8Array.from([...header, ...type, ...declaration, 10, 19, 1, 17, 0, ...body])

const code: Code = {
  of: (set) => assembled(portable.of(set), pieces[set.name] ?? []),
  features: [...portable.features, 'relaxed SIMD'],
}

const missing = (): ValueError =>
  new ValueError({
    op: 'relaxed',
    expected: 'a platform whose WebAssembly has relaxed SIMD',
    actual: 'one that has not',
    code: 'no-engine',
    remedy:
      'use Node from 22 on, Node 20 with the flag --experimental-wasm-relaxed-simd, or a browser that has it; the engine stays as it is',
  })

/**
 * The engine `wasm` with kernels that use relaxed SIMD: a product is added to a sum in one rounding, where the processor
 * can do so, in matrix products, convolutions, normalization and Adam's step; for `useEngine`. Large products take about
 * three quarters of the time. **The last bits of results then depend on the processor**, which they do not otherwise;
 * on one processor they are still the same in every run and for any number of threads.
 *
 * It is a Left where the platform has no relaxed SIMD, as Node 20 without its flag. The kernels are a second set, which
 * only programs that import this function load.
 *
 * @example
 * import { either } from 'fp-ts'
 * import { engine, useEngine } from 'pullback'
 * import { relaxed } from 'pullback/relaxed'
 * const found = relaxed() // an Either: the engine, or an error that says where there is one
 * if (either.isRight(found)) useEngine(found.right)
 * engine().name // => 'wasm'
 * engine().features.includes('relaxed SIMD') === either.isRight(found) // => true
 */
export const relaxed = (options: RelaxedOptions = {}): E.Either<ValueError, Engine> => {
  checkOptions('relaxed', options, ['poison', 'threads'])
  checkThreads(options.threads ?? 1)
  return typeof WebAssembly === 'object' && WebAssembly.validate(probe)
    ? E.right(wasm(options, code))
    : E.left(missing())
}
