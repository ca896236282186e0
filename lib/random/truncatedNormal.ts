import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { engine } from '../kernel/current.ts'
import { further } from '../kernel/wasm/set/further.ts'
import { allocate, type Data, type DataOf, describe } from '../tensor/data.ts'
import { packed } from '../tensor/pack.ts'
import { numbersOf } from '../tensor/resident.ts'
import { ownShape, sizeOf } from '../tensor/shape.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import { aboveMinusOne, checkFormat, rounding, uniform } from './draw.ts'
import { checkKey, foldIn, type Key, split } from './key.ts'

/** The error function of one number. */
const erf = (x: number): number =>
  numbersOf(
    engine()
      .with(further)
      .map('erf', raw(fresh([], Float64Array.of(x)))),
  )[0] as number

/** √2 · erfinv of numbers uniform between erf(min/√2) and erf(max/√2), excluding ±1. */
const inverted = <D extends Float>(key: Key, n: number, min: number, max: number, dtype: D): DataOf[D] => {
  const low = Math.max(erf(min * Math.SQRT1_2), aboveMinusOne(dtype))
  const u = uniform(key, [n], { min: low, max: erf(max * Math.SQRT1_2), dtype })
  const x = engine().map('erfinv', raw(u)) as DataOf[D]
  return engine().map('scale', raw(fresh([n], x)), Math.SQRT2) as DataOf[D]
}

/**
 * Numbers between two bounds above 0, by Marsaglia's method, exact at any distance: x = √(min² + 2e), for an
 * exponential e so small that x is at most max, has the density x · exp(−x²/2) there; accepted with probability min/x,
 * it has the density exp(−x²/2). Each round draws for all places with its own key and fills the places that are still
 * empty: so a longer draw starts with the numbers of a shorter one.
 */
const inTail = <D extends Float>(key: Key, n: number, min: number, max: number, dtype: D): DataOf[D] => {
  const share = -Math.expm1(((min - max) * (min + max)) / 2)
  const to = allocate(dtype, n)
  let open = Array.from({ length: n }, (_, i) => i)
  for (let round = 0; open.length > 0; round++) {
    const [first, second] = split(foldIn(key, round))
    const [u, v] = [first, second].map((k) => packed(raw(uniform(k, [n], { dtype: 'float64' })))) as [Data, Data]
    open = open.filter((i) => {
      const twice = -2 * Math.log1p(-share * (u[i] as number))
      const x = min + twice / (min + Math.sqrt(min * min + twice))
      to[i] = x
      return (v[i] as number) * x > min
    })
  }
  return to
}

/**
 * Numbers drawn from the normal distribution with mean 0 and standard deviation 1, restricted to [min, max], by default
 * [−2, 2]. Unless both bounds are beyond 1 on one side: √2 · erfinv of uniform numbers between erf(min/√2) and
 * erf(max/√2), as `jax.random.truncated_normal` of JAX 0.5 and later, up to rounding. In the tails, where erf runs out
 * of digits, by Marsaglia's rejection, which is exact at any distance; JAX gives max there. A bound may be infinite,
 * the numbers never are. Bounds that are not in ascending order or have no number of the format between them, and a
 * value that is not a key, are a `ValueError`. Marsaglia, "Generating a variable from the tail of the normal
 * distribution" (Technometrics 1964).
 *
 * @example
 * import { random, toArray } from 'pullback'
 * const x = toArray(random.truncatedNormal(random.key(0), [1000], { min: -1, max: 1 }))
 * x.every((each) => each >= -1 && each <= 1) // => true
 * const far = toArray(random.truncatedNormal(random.key(0), [1000], { min: 30, max: Infinity }))
 * far.every((each) => each >= 30 && each < 31) // => true
 */
export const truncatedNormal = <const S extends Shape, D extends Float = 'float32'>(
  key: Key,
  shape: S,
  options: {
    readonly min?: number | undefined
    readonly max?: number | undefined
    readonly dtype?: D | undefined
  } = {},
): Tensor<S, NoInfer<D>> => {
  checkKey('truncatedNormal', key)
  const own = ownShape('truncatedNormal', shape)
  checkOptions('truncatedNormal', options, ['min', 'max', 'dtype'])
  const { min = -2, max = 2, dtype = 'float32' as D } = options
  checkFormat('truncatedNormal', dtype)
  if (typeof min !== 'number' || typeof max !== 'number' || !(min < max))
    throw new ValueError({ op: 'truncatedNormal', expected: 'min < max', actual: `${describe(min)}, ${describe(max)}` })
  const n = sizeOf(own)
  const round = rounding(dtype)
  if (round(min) === Number.POSITIVE_INFINITY || round(max) === Number.NEGATIVE_INFINITY)
    throw new ValueError({
      op: 'truncatedNormal',
      expected: `bounds with numbers of ${dtype} between them`,
      actual: `${min}, ${max}`,
    })
  const map = (f: 'scale' | 'atLeast' | 'atMost', data: DataOf[D], p: number): DataOf[D] =>
    engine().map(f, raw(fresh([n], data)), p) as DataOf[D]
  const drawn = (): DataOf[D] => {
    if (min >= 1) return inTail(key, n, min, max, dtype)
    if (max <= -1) return map('scale', inTail(key, n, -max, -min, dtype), -1)
    return inverted(key, n, min, max, dtype)
  }
  return fresh(own, map('atMost', map('atLeast', drawn(), min), max))
}
