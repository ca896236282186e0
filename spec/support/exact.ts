// Elementary functions to some 100 digits, for the specs of fast ones: numbers are integers times 2⁻¹²⁰⁰, so that the
// smallest float64 still has 126 bits.
const places = 1200n
const one = 1n << places

const mul = (a: bigint, b: bigint): bigint => (a * b) >> places
const div = (a: bigint, b: bigint): bigint => (a << places) / b
const shift = (a: bigint, n: bigint): bigint => (n < 0n ? a >> -n : a << n)
const abs = (a: bigint): bigint => (a < 0n ? -a : a)

/** The sum of terms, each from the one before and its place, until they vanish. */
const series = (first: bigint, next: (term: bigint, n: bigint) => bigint, share = (_: bigint) => 1n): bigint => {
  let sum = 0n
  for (let [term, n] = [first, 0n]; term !== 0n && term !== -1n; n++, term = next(term, n)) sum += term / share(n)
  return sum
}
const arctanOfInverse = (k: bigint): bigint =>
  series(
    one / k,
    (t) => -t / (k * k),
    (n) => 2n * n + 1n,
  )
/** √a for a < 1: Heron's steps come down from above. */
const root = (a: bigint): bigint => {
  let [x, y] = [one, (a + one) >> 1n]
  while (y < x) [x, y] = [y, (y + div(a, y)) >> 1n]
  return x
}
const ln2 = series(
  one >> 1n,
  (t) => t >> 1n,
  (n) => n + 1n,
)
const halfRootOfPi = root(4n * arctanOfInverse(5n) - arctanOfInverse(239n)) // √(π/4), Machin

/** The exact value of a float64. */
export const exactly = (x: number): bigint => {
  const bits = new BigUint64Array(new Float64Array([Math.abs(x)]).buffer)[0] as bigint
  const exponent = bits >> 52n
  const m = exponent === 0n ? bits : (bits & ((1n << 52n) - 1n)) + (1n << 52n)
  const value = shift(m, places - 1074n + (exponent === 0n ? 0n : exponent - 1n))
  return x < 0 ? -value : value
}

const expOf = (x: bigint): bigint => {
  const k = (2n * x + ln2) / (2n * ln2) - (2n * x + ln2 < 0n ? 1n : 0n)
  return shift(
    series(one, (t, n) => mul(t, x - k * ln2) / n),
    k,
  )
}
const erfOf = (x: bigint): bigint => {
  const square = mul(x, x)
  return div(
    series(
      x,
      (t, n) => -mul(t, square) / n,
      (n) => 2n * n + 1n,
    ),
    halfRootOfPi,
  )
}

export const exp = (x: number): bigint => expOf(exactly(x))
export const sigmoid = (x: number): bigint => div(one, one + expOf(exactly(-x)))
export const tanh = (x: number): bigint => {
  const e = expOf(2n * exactly(x))
  return div(e - one, e + one)
}
export const erf = (x: number): bigint => erfOf(exactly(x))

/** Φ(x), for |x| up to 27. */
export const normalCdf = (x: number): bigint => (one + erfOf(mul(exactly(x), root(one >> 1n)))) >> 1n
export const gelu = (x: number): bigint => mul(exactly(x), normalCdf(x))
export const silu = (x: number): bigint => mul(exactly(x), sigmoid(x))
export const geluTanh = (x: number): bigint => {
  const cube = mul(mul(exactly(x), exactly(x)), exactly(x))
  const u = div(exactly(x) + (cube * 44715n) / 1000000n, halfRootOfPi)
  return div(exactly(x), one + expOf(-mul(u, root(one >> 1n) << 1n)))
}
export const mish = (x: number): bigint => {
  const e = expOf(exactly(x))
  const n = mul(e, e + 2n * one)
  return div(mul(exactly(x), n), n + 2n * one)
}
export const elu = (x: number): bigint => (x > 0 ? exactly(x) : expOf(exactly(x)) - one)
export const softplus = (x: number, near: number): bigint => {
  const y = exactly(near)
  const [e, t] = [expOf(y), one + expOf(exactly(x))]
  return y + div(2n * (t - e), t + e)
}

/**
 * From the double's own, wrong by t: log(x) = y + log(1 + t), t = x exp(−y) − 1, by Halley's step, which leaves t³/12.
 */
export const log = (x: number): bigint => {
  const y = exactly(Math.log(x))
  const e = expOf(y)
  return y + div(2n * (exactly(x) - e), exactly(x) + e)
}

/** From a float64 near it, by a Newton step, which leaves the square of its error. */
export const erfinv = (x: number, near: number): bigint => {
  const y = exactly(near)
  return y - mul(mul(erfOf(y) - exactly(x), halfRootOfPi), expOf(mul(y, y)))
}

const formats = { float32: [24n, -149n], float64: [53n, -1074n] } as const

/** |found − exact| in units in the last place of the exact value, in a number format. */
export const ulps = (found: number, exact: bigint, dtype: keyof typeof formats): number => {
  const [precision, least] = formats[dtype]
  const top = BigInt(abs(exact).toString(2).length) - places - precision
  return Number((abs(exactly(found) - exact) << 20n) >> ((top > least ? top : least) + places)) / 2 ** 20
}
