import { ValueError } from '../error/tensorError.ts'
import { engine } from '../kernel/engine.ts'
import type { Data, DataOf } from '../tensor/data.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import { uniform } from './draw.ts'
import type { Key } from './key.ts'

/** The error function of one number. */
const erf = (x: number): number => engine().map('erf', raw(fresh([], Float64Array.of(x))))[0] as number

/**
 * Numbers drawn from the normal distribution with mean 0 and standard deviation 1, of which only those from min to max are taken,
 * −2 to 2 unless asked otherwise: √2 · erfinv of uniform numbers between erf(min/√2) and erf(max/√2), so each is drawn once. As
 * `jax.random.truncated_normal` of JAX 0.5 and later, up to rounding. Bounds that are not one below the other are a `ValueError`.
 *
 * @example
 * import { random, toArray } from 'pullback'
 * const x = toArray(random.truncatedNormal(random.key(0), [1000], { min: -1, max: 1 }))
 * x.every((each) => each >= -1 && each <= 1) // => true
 */
export const truncatedNormal = <const S extends Shape, D extends Float = 'float32'>(
  key: Key,
  shape: S,
  {
    min = -2,
    max = 2,
    dtype = 'float32' as D,
  }: { readonly min?: number | undefined; readonly max?: number | undefined; readonly dtype?: D | undefined } = {},
): Tensor<S, NoInfer<D>> => {
  if (!(min < max)) throw new ValueError({ op: 'truncatedNormal', expected: 'min < max', actual: `${min}, ${max}` })
  const u = uniform(key, shape, { min: erf(min * Math.SQRT1_2), max: erf(max * Math.SQRT1_2), dtype })
  const then = (f: 'erfinv' | 'scale' | 'atLeast' | 'atMost', data: Data, p?: number): DataOf[D] =>
    engine().map(f, raw(fresh(shape, data as DataOf[D])), p) as DataOf[D]
  const x = then('scale', engine().map('erfinv', raw(u)), Math.SQRT2)
  return fresh(shape, then('atMost', then('atLeast', x, min), max))
}
