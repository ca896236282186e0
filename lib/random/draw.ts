import { checkOptions, isFrom } from '../error/options.ts'
import { DTypeError, ValueError } from '../error/tensorError.ts'
import { engine } from '../kernel/current.ts'
import { type DataOf, describe } from '../tensor/data.ts'
import { numbersOf } from '../tensor/resident.ts'
import { checkShape, ownShape, sizeOf } from '../tensor/shape.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import { checkKey, type Key, split } from './key.ts'

/**
 * n random words of 32 bits. As `jax.random.bits` of JAX 0.5 and later.
 *
 * @example
 * import { random } from 'pullback'
 * random.bits(random.key(0), 2) // => Uint32Array.of(4070199207, 4202968722)
 */
export const bits = (key: Key, n: number): Uint32Array => {
  checkKey('bits', key)
  checkShape('bits', [n])
  const words = engine().threefry(key[0], key[1], 0, 0, n)
  return Uint32Array.from({ length: n }, (_, i) => (words[2 * i] as number) ^ (words[2 * i + 1] as number))
}

/** The rounding of a number format. */
export const rounding = (dtype: Float): ((x: number) => number) => (dtype === 'float32' ? Math.fround : (x) => x)

/**
 * low + (high − low) · u for uniform u, in the number format of u, rounded after each step as JAX does; not below low.
 * A width that overflows is halved, and the sum doubled. A result that rounds up to high wraps around to low, since
 * half of low's share is rounded there from below: so high is excluded, and each number keeps its whole share. That is
 * rare, so it is looked for only where the largest u comes so far.
 */
const stretched = <D extends Float>(u: DataOf[D], low: number, high: number, dtype: D): DataOf[D] => {
  const round = rounding(dtype)
  const part = Number.isFinite(round(high - low)) ? 1 : 0.5
  const width = round(part * high - part * low)
  const map = (f: 'scale' | 'shift' | 'atLeast', data: DataOf[D], p: number): DataOf[D] =>
    engine().map(f, raw(fresh([data.length], data)), p) as DataOf[D]
  const shifted = map('atLeast', map('shift', map('scale', u, width), part * low), part * low)
  const all = part === 1 ? shifted : map('scale', shifted, 2)
  const last = dtype === 'float32' ? 1 - 2 ** -23 : 1 - 2 ** -52
  const top = round(round(width * last) + part * low) / part
  return top < high ? all : (numbersOf(all).map((x) => (x < high ? x : low)) as DataOf[D])
}

/** Checks that the number format to draw in is a float; another name, or a record, is an error. */
export const checkFormat = (op: string, dtype: Float): void => {
  if (dtype === 'float32' || dtype === 'float64') return
  const isRecord = typeof dtype === 'object' && dtype !== null
  throw new DTypeError({
    op,
    expected: "'float32' or 'float64'",
    actual: isRecord ? 'a record' : describe(dtype),
    code: 'unknown-choice',
    remedy: isRecord ? 'give the name by itself' : undefined,
  })
}

/**
 * Numbers drawn uniformly from [min, max), by default [0, 1): one of 2²³ values in float32 and of 2⁵² in float64,
 * stretched to the bounds. As `jax.random.uniform` of JAX 0.5 and later, bit by bit on [0, 1), with other bounds up to
 * rounding; but max is excluded unless it equals min, and a range may be wider than the largest number. Bounds are
 * rounded to the number format. Bounds that are not in order or not finite there, and a value that is not a key, are a
 * `ValueError`.
 *
 * @example
 * import { random, toArray } from 'pullback'
 * toArray(random.uniform(random.key(0), [1])) // => [0.9476670026779175]
 */
export const uniform = <const S extends Shape, D extends Float = 'float32'>(
  key: Key,
  shape: S,
  options: {
    readonly min?: number | undefined
    readonly max?: number | undefined
    readonly dtype?: D | undefined
  } = {},
): Tensor<S, NoInfer<D>> => {
  checkKey('uniform', key)
  const own = ownShape('uniform', shape)
  checkOptions('uniform', options, ['min', 'max', 'dtype'])
  const { min = 0, max = 1, dtype = 'float32' as D } = options
  checkFormat('uniform', dtype)
  if (typeof min !== 'number' || typeof max !== 'number' || !(min <= max))
    throw new ValueError({ op: 'uniform', expected: 'min ≤ max', actual: `${describe(min)}, ${describe(max)}` })
  const [low, high] = [rounding(dtype)(min), rounding(dtype)(max)]
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new ValueError({ op: 'uniform', expected: `bounds that are finite in ${dtype}`, actual: `${min}, ${max}` })
  const unit = engine().uniform(key[0], key[1], sizeOf(own), dtype)
  return fresh(own, low === 0 && high === 1 ? unit : stretched(unit, low, high, dtype))
}

/** The next number above −1, whose erfinv is −∞. */
export const aboveMinusOne = (dtype: Float): number => (dtype === 'float32' ? -1 + 2 ** -24 : -1 + 2 ** -53)

/**
 * Numbers drawn from the normal distribution with mean 0 and standard deviation 1: √2 · erfinv of uniform numbers in
 * (−1, 1). As `jax.random.normal` of JAX 0.5 and later, up to rounding.
 *
 * @example
 * import { random, toArray } from 'pullback'
 * toArray(random.normal(random.key(42), [1])).map((x) => x.toFixed(5)) // => ['-0.02830']
 */
export const normal = <const S extends Shape, D extends Float = 'float32'>(
  key: Key,
  shape: S,
  dtype = 'float32' as D,
): Tensor<S, NoInfer<D>> => {
  checkKey('normal', key)
  const own = ownShape('normal', shape)
  checkFormat('normal', dtype)
  const u = stretched(engine().uniform(key[0], key[1], sizeOf(own), dtype), aboveMinusOne(dtype), 1, dtype)
  const x = engine().map('erfinv', raw(fresh(own, u)))
  return fresh(own, engine().map('scale', raw(fresh(own, x)), Math.SQRT2) as DataOf[D])
}

/**
 * Ones with probability p, else zeros: 1 where a uniform number of the same key is below p. As `jax.random.bernoulli`
 * of JAX 0.5 and later, which compares in float32; so both precisions draw the same.
 *
 * @example
 * import { random, toArray } from 'pullback'
 * toArray(random.bernoulli(random.key(0), 1, [2])) // => [1, 1]
 */
export const bernoulli = <const S extends Shape, D extends Float = 'float32'>(
  key: Key,
  p: number,
  shape: S,
  dtype = 'float32' as D,
): Tensor<S, NoInfer<D>> => {
  checkKey('bernoulli', key)
  const own = ownShape('bernoulli', shape)
  checkFormat('bernoulli', dtype)
  if (!isFrom(p, 0, 1))
    throw new ValueError({ op: 'bernoulli', expected: 'a probability from 0 to 1', actual: describe(p) })
  const u = fresh(own, engine().uniform(key[0], key[1], sizeOf(own), 'float32'))
  const ones = fresh(own, engine().map('below', raw(u), Math.fround(p)) as Float32Array)
  return dtype === 'float32' ? (ones as unknown as Tensor<S, D>) : fresh(own, engine().cast(raw(ones), dtype))
}

/**
 * The numbers 0 … n − 1 in random order: sorted by random words, twice where n is so large that two words may be equal.
 * The algorithm is that of `jax.random.permutation`.
 *
 * @example
 * import { random, toArray } from 'pullback'
 * toArray(random.permutation(random.key(0), 5)).sort() // => [0, 1, 2, 3, 4]
 */
export const permutation = (key: Key, n: number): Tensor<readonly [number], 'int32'> => {
  checkKey('permutation', key)
  checkShape('permutation', [n])
  const rounds = Math.ceil((3 * Math.log(Math.max(1, n))) / Math.log(2 ** 32 - 1))
  let order = Int32Array.from({ length: n }, (_, i) => i)
  let k = key
  for (let round = 0; round < rounds; round++) {
    const [next, sub] = split(k)
    k = next
    const before = order
    order = sortedBy(bits(sub, n)).map((i) => before[i] as number)
  }
  return fresh([n], order)
}

/**
 * The indices of some words in ascending order of the words; equal words keep their order. Sorts 64-bit pairs, word
 * over index.
 */
const sortedBy = (words: Uint32Array): Int32Array => {
  const pairs = new Uint32Array(2 * words.length)
  words.forEach((word, i) => {
    pairs[2 * i] = i // the low half: typed arrays have the byte order of the machine, little-endian
    pairs[2 * i + 1] = word
  })
  new BigUint64Array(pairs.buffer).sort()
  return Int32Array.from({ length: words.length }, (_, i) => pairs[2 * i] as number)
}
