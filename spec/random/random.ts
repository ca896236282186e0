import fc from 'fast-check'
import {
  apply,
  balanced,
  batches,
  dropout,
  epochs,
  examples,
  explain,
  fit,
  gradCheck,
  init,
  initWith,
  kFold,
  leastSquares,
  linear,
  ones,
  random,
  type Shape,
  sgd,
  shuffled,
  source,
  splitExamples,
  start,
  tanh,
  toArray,
  toNested,
  ValueError,
  zeros,
} from 'pullback'
import t from 'tap'
import { engine } from '../../lib/kernel/current.ts'
import { check } from '../support/property.ts'

const { bernoulli, bits, foldIn, key, normal, permutation, split, truncatedNormal, uniform } = random

t.test("Threefry-2x32 against its authors' known answers", async (t) => {
  const block = (k0: number, k1: number, high: number, low: number) => [...engine().threefry(k0, k1, high, low, 1)]
  t.same(block(0, 0, 0, 0), [0x6b200159, 0x99ba4efe])
  t.same(block(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff), [0x1cb996fc, 0xbb002be7])
  t.same(block(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3), [0xc4923a9c, 0x483df7a0])
  t.same([...engine().threefry(1, 2, 0, 0xffffffff, 2)].slice(2), block(1, 2, 1, 0), 'the counter carries')
})

t.test('as jax.random of JAX 0.5 and later', async (t) => {
  t.same(key(42), [0, 42])
  t.same(key(-1), [0xffffffff, 0xffffffff])
  t.same(key(2 ** 40 + 3), [256, 3])
  t.same(split(key(0), 13), [
    [1797259609, 2579123966],
    [928981903, 3453687069],
    [4146024105, 2718843009],
    [2467461003, 3840466878],
    [2285895361, 433833334],
    [1524306142, 1887795613],
    [3792494674, 2909014575],
    [2716826189, 292468403],
    [2292653872, 931858003],
    [823147153, 450340679],
    [3668660785, 652965180],
    [255289810, 156206175],
    [2763346363, 124557586],
  ])
  t.same(split(key(42)), [
    [1832780943, 270669613],
    [64467757, 2916123636],
  ])
  t.same(split(key(12345), 2)[0], [1214163296, 439912094])
  t.same([...bits(key(0), 1)], [4070199207])
  t.same([...bits(key(10), 4)], [169096361, 1572511259, 2689743692, 2228103506])
  t.same(
    toArray(uniform(key(0), [3, 3])).map((x) => Number(x.toPrecision(7))),
    [0.947667, 0.9785799, 0.3322915, 0.4686685, 0.5698887, 0.165503, 0.3101946, 0.6894805, 0.7467666],
  )
  const [a, b, c] = toArray(normal(key(0), [3])) as [number, number, number]
  for (const [x, y] of [
    [a, 1.6226422],
    [b, 2.0252647],
    [c, -0.43359444],
    [toArray(normal(key(42), [1]))[0] as number, -0.028304616],
  ] as const)
    t.ok(Math.abs(x - y) < 3e-7, `${x} is ${y}`)
})

t.test('foldIn', async (t) => {
  t.same(foldIn(key(0), 7), split(key(0), 8)[7], 'of n is the nth of a split')
  t.same(foldIn(key(0), 'W'), foldIn(key(0), 'W'))
  t.notSame(foldIn(key(0), 'W'), foldIn(key(0), 'b'))
  t.notSame(foldIn(key(0), 'W'), foldIn(key(1), 'W'))
  t.throws(() => foldIn(key(0), 0.5), ValueError)
  t.throws(() => foldIn(key(0), 2 ** 32), /a whole number of 32 bits, or a name/)
})

t.test('names are hashed to 64 bits', async (t) => {
  const at = (high: number, low: number) => [...engine().threefry(0, 7, high, low, 1)]
  t.same(foldIn(key(7), ''), at(0, 0x811c9dc5), 'FNV-1a of 32 bits, by its authors’ known answers')
  t.same(foldIn(key(7), 'foo'), at(0, 0xa9f37ed7))
  t.same(foldIn(key(7), 'foob'), at(0xdd120e79, 0x0c2512af), 'and of 64 bits beyond three bytes')
  t.same(foldIn(key(7), 'foobar'), at(0x85944171, 0xf73967e8))
  t.same(foldIn(key(7), 'é€'), at(...fnv64('é€')), 'bytes are those of UTF-8')
  for (const [a, b] of sharing) t.notSame(foldIn(key(0), a), foldIn(key(0), b), `${a} and ${b}: one hash of 32 bits`)
})

/** FNV-1a of 64 bits in pieces of 16, without a BigInt. */
const fnv64 = (name: string): readonly [number, number] => {
  let h = [0x2325, 0x8422, 0x9ce4, 0xcbf2]
  for (const byte of new TextEncoder().encode(name)) {
    const [a, b, c, d] = [(h[0] as number) ^ byte, h[1] as number, h[2] as number, h[3] as number]
    let carry = 0
    h = [0x1b3 * a, 0x1b3 * b, 0x1b3 * c + 0x100 * a, 0x1b3 * d + 0x100 * b].map((x) => {
      const sum = x + carry
      carry = Math.floor(sum / 0x10000)
      return sum % 0x10000
    })
  }
  const [a, b, c, d] = h as [number, number, number, number]
  return [d * 0x10000 + c, b * 0x10000 + a]
}

/** Names whose FNV-1a hashes of 32 bits are the same. */
const sharing = [
  ['costarring', 'liquid'],
  ['declinate', 'macallums'],
  ['altarage', 'zinke'],
] as const

t.test('every function that takes a key rejects other values', async (t) => {
  const data = examples({ input: ones([3, 2]) })
  const net = linear(2, 1)
  const [variables, context] = [init(net, key(0)), (key: never) => ({ mode: 'train', key }) as const]
  const takers: Readonly<Record<string, (key: never) => unknown>> = {
    split: (k) => split(k),
    foldIn: (k) => foldIn(k, 1),
    bits: (k) => bits(k, 1),
    uniform: (k) => uniform(k, [2]),
    normal: (k) => normal(k, [2]),
    truncatedNormal: (k) => truncatedNormal(k, [2]),
    bernoulli: (k) => bernoulli(k, 0.5, [2]),
    permutation: (k) => permutation(k, 1),
    shuffled: (k) => shuffled(k)(data),
    init: (k) => init(tanh, k),
    start: (k) => start(net, sgd(1), k, { variables }),
    apply: (k) => apply(dropout({ drop: 0.5 }), { params: {}, state: {} }, context(k), ones([1, 2])),
    epochs: (k) => epochs({ size: 2, key: k }),
    batches: (k) => batches({ size: 2, key: k }),
    augment: (k) => source.augment(batches({ size: 2 })(data), k, (batch) => batch),
    balanced: (k) => balanced(data, { size: 2, key: k, by: () => zeros([3], 'int32') }),
    splitExamples: (k) => splitExamples(data, { a: 0.5 }, { key: k }),
    kFold: (k) => kFold(data, 3, { key: k }),
    explain: (k) => explain(net, variables, ones([1, 2]), { context: context(k) }),
  }
  const bad = [7, 1.5, 'a', null, [], [1], [1, 2, 3], [0.5, 0], [-1, 0], [0, 2 ** 32], ['1', 2], [1, undefined], {}]
  for (const [name, take] of Object.entries(takers)) {
    for (const k of bad)
      t.throws(() => take(k as never), {
        name: ValueError.name,
        message: /expected a key of two words of 32 bits, got/,
      })
    t.throws(() => take(7 as never), {
      message: `${name}: expected a key of two words of 32 bits, got 7; key(7) makes one`,
    })
    t.doesNotThrow(() => take(key(7) as never), name)
  }
  const seed = 7 as never
  const pairs = examples({ input: ones([3, 2]), target: ones([3, 1]) })
  const fitted = fit(net, leastSquares, sgd(1), { train: pairs, key: seed })
  await t.rejects(fitted.next(), { message: /^fit: expected a key .*; key\(7\) makes one \[needs-key\]$/ })
  t.throws(() => initWith(net, seed, {}), { message: /^initWith: expected a key/ })
  t.throws(() => gradCheck(net, { params: variables.params, input: ones([1, 2]) }, { key: seed }), /^gradCheck: .* key/)
  t.throws(
    () => gradCheck(net, { params: variables.params, input: ones([1, 2]) }, { context: context(seed) }),
    /^gradCheck: expected a key/,
  )
  t.throws(() => split('a' as never), /got 'a'; key\(seed\) makes one/)
})

t.test('the same key gives the same numbers; a longer draw begins as a shorter one', async () => {
  check(fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 50 })), ([seed, n]) => {
    const [short, long] = [toArray(uniform(key(seed), [n])), toArray(uniform(key(seed), [n + 5]))]
    return short.every((x, i) => x === long[i])
  })
})

t.test('uniform', async (t) => {
  for (const dtype of ['float32', 'float64'] as const) {
    const xs = toArray(uniform(key(1), [20000], { min: -1, max: 3, dtype }))
    const mean = xs.reduce((a, b) => a + b, 0) / xs.length
    t.ok(Math.abs(mean - 1) < (5 * 4) / Math.sqrt(12 * xs.length), `${dtype} mean ${mean}`)
    t.ok(Math.min(...xs) >= -1 && Math.max(...xs) < 3)
    t.ok(new Set(toArray(uniform(key(2), [1000], { dtype }))).size > 990)
  }
  t.same(uniform(key(0), [2, 0] as Shape).shape, [2, 0])
  t.same(toArray(uniform(key(0), [2], { min: 5, max: 5 })), [5, 5])
  t.throws(() => uniform(key(0), [1], { min: 1, max: 0 }), ValueError)
})

t.test('uniform: wide ranges do not overflow, and max is excluded', async (t) => {
  const largest = { float32: (2 - 2 ** -23) * 2 ** 127, float64: Number.MAX_VALUE }
  for (const dtype of ['float32', 'float64'] as const) {
    const top = largest[dtype]
    for (const [min, max] of [
      [-top, top],
      [-top, 0.9 * top],
      [-0.6 * top, 0.5 * top],
    ] as const) {
      const xs = toArray(uniform(key(1), [20000], { min, max, dtype }))
      t.ok(xs.every((x) => x >= min && x < max))
      const mean = xs.reduce((a, x) => a + x / top / xs.length, 0)
      const width = max / top - min / top
      t.ok(Math.abs(mean - (max / top + min / top) / 2) < (5 * width) / Math.sqrt(12 * xs.length), `mean ${mean}`)
    }
  }
  /** How often each of few numbers comes. */
  const counts = (min: number, max: number, dtype: 'float32' | 'float64') => {
    const found = new Map<number, number>()
    for (const x of toArray(uniform(key(2), [30000], { min, max, dtype }))) found.set(x, (found.get(x) ?? 0) + 1)
    return found
  }
  for (const [dtype, min, step, n] of [
    ['float32', 1e8, 8, 2],
    ['float32', 1e8, 8, 5],
    ['float32', -1e8, 8, 2],
    ['float32', 0, 2 ** -149, 3],
    ['float64', 1e16, 2, 2],
    ['float64', -(2 ** -1074), 2 ** -1074, 3],
  ] as const) {
    const found = counts(min, min + n * step, dtype)
    t.same(
      [...found.keys()].sort((a, b) => a - b),
      Array.from({ length: n }, (_, i) => min + i * step),
      `${dtype}: each number from ${min} on but max`,
    )
    for (const count of found.values()) t.ok(Math.abs(count * n - 30000) < 5 * Math.sqrt(30000 * n), 'and as often')
  }
  for (const [min, max] of [
    [0, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, 0],
    [0, 1e39],
  ] as const)
    t.throws(() => uniform(key(0), [1], { min, max }), /^uniform: expected bounds that are finite in float32, got /)
  t.throws(() => uniform(key(0), [1], { min: Number.NaN }), /^uniform: expected min ≤ max, got NaN, 1/)
})

t.test('truncatedNormal: the moments of every part of the normal distribution', async (t) => {
  // mean and variance by mpmath, of 60 digits
  const inf = Number.POSITIVE_INFINITY
  const parts = [
    [0.5, 8, 1.14107777036805, 0.268480407155781],
    [1, 3, 1.51004951324398, 0.173452904924122],
    [2, inf, 2.37321553282284, 0.114279100414081],
    [4, inf, 4.22560714448947, 0.0466728383974226],
    [5, 6, 5.18314709047717, 0.0294524307684831],
    [6, 8, 6.15848136683996, 0.0239852134080198],
    [9, 10, 9.10845628801241, 0.0114488058216362],
    [38, inf, 38.0262794665759, 0.000689659753466259],
    [100, 101, 100.009998000999, 9.99400499482635e-5],
  ] as const
  const n = 20000
  for (const dtype of ['float32', 'float64'] as const)
    for (const [min, max, mean, variance] of parts)
      for (const sign of [1, -1]) {
        const bounds = sign > 0 ? { min, max } : { min: -max, max: -min }
        const xs = toArray(truncatedNormal(key(5), [n], { ...bounds, dtype })).map((x) => sign * x)
        const moment = (k: number): number => xs.reduce((s, x) => s + (x - mean) ** k, 0) / n
        const name = `${dtype} ${sign} [${min}, ${max}]`
        t.ok(
          xs.every((x) => x >= min && x <= max && Number.isFinite(x)),
          name,
        )
        t.ok(Math.abs(moment(1)) < 5 * Math.sqrt(variance / n), `${name}: mean`)
        t.ok(Math.abs(moment(2) - variance) < 5 * Math.sqrt((moment(4) - variance ** 2) / n), `${name}: variance`)
        if (dtype === 'float64' || max < 40) t.ok(new Set(xs).size > 0.95 * n, `${name}: hardly one number comes twice`)
      }
  const far = toArray(truncatedNormal(key(0), [100], { min: 1e200, max: inf, dtype: 'float64' }))
  t.ok(far.every((x) => x === 1e200))
  t.same(
    toArray(truncatedNormal(key(3), [50], { min: 7, max: 9 })),
    toArray(truncatedNormal(key(3), [90], { min: 7, max: 9 })).slice(0, 50),
    'a longer draw begins as a shorter one',
  )
})

t.test('truncatedNormal: without bounds it is normal, and no draw is infinite', async (t) => {
  const inf = Number.POSITIVE_INFINITY
  const all = { min: -inf, max: inf }
  t.same(toArray(truncatedNormal(key(3), [999], all)), toArray(normal(key(3), [999])))
  t.same(toArray(truncatedNormal(key(3), [9], { ...all, dtype: 'float64' })), toArray(normal(key(3), [9], 'float64')))
  // The smallest uniform number, 0, comes once in 2²³ draws of float32: the 2nd of this key.
  const zero = key(385443)
  t.equal(toArray(uniform(zero, [2]))[1], 0)
  for (const bounds of [all, { min: -inf, max: 0.5 }, { min: -8, max: 8 }])
    t.ok(Math.abs((toArray(truncatedNormal(zero, [2], bounds))[1] as number) + 5.41) < 0.02, 'at −1 there is no number')
  t.throws(() => truncatedNormal(key(0), [1], { min: 1, max: 1 }), /^truncatedNormal: expected min < max, got 1, 1/)
  t.throws(() => truncatedNormal(key(0), [1], { min: Number.NaN }), ValueError)
  for (const [min, max] of [
    [1e39, inf],
    [-inf, -1e39],
  ] as const)
    t.throws(
      () => truncatedNormal(key(0), [1], { min, max }),
      /^truncatedNormal: expected bounds with numbers of float32 between them, got /,
    )
})

t.test('normal', async (t) => {
  for (const dtype of ['float32', 'float64'] as const) {
    const xs = toArray(normal(key(3), [20000], dtype))
    const n = xs.length
    const moment = (k: number): number => xs.reduce((s, x) => s + x ** k, 0) / n
    t.ok(Math.abs(moment(1)) < 5 / Math.sqrt(n))
    t.ok(Math.abs(moment(2) - 1) < 5 * Math.sqrt(2 / n))
    t.ok(Math.abs(moment(3)) < 5 * Math.sqrt(15 / n))
    t.ok(Math.abs(moment(4) - 3) < 5 * Math.sqrt(96 / n))
    t.ok(xs.every(Number.isFinite))
  }
})

t.test('bernoulli', async (t) => {
  const p = 0.3
  const xs = toArray(bernoulli(key(4), p, [20000]))
  t.ok(xs.every((x) => x === 0 || x === 1))
  t.ok(Math.abs(xs.reduce((a, b) => a + b, 0) / xs.length - p) < 5 * Math.sqrt((p * (1 - p)) / xs.length))
  t.same(
    xs.slice(0, 9),
    toArray(uniform(key(4), [20000]))
      .slice(0, 9)
      .map((u) => (u < Math.fround(p) ? 1 : 0)),
    'whether a uniform number is below p',
  )
  t.same(toNested(bernoulli(key(4), 0, [3])), [0, 0, 0])
  t.same(toNested(bernoulli(key(4), 1, [3], 'float64')), [1, 1, 1])
  t.throws(() => bernoulli(key(4), 1.5, [3]), /a probability from 0 to 1, got 1.5/)
  t.throws(() => bernoulli(key(4), Number.NaN, [3]), ValueError)
})

t.test('permutation', async (t) => {
  check(fc.tuple(fc.integer(), fc.integer({ min: 0, max: 40 })), ([seed, n]) => {
    const p = toArray(permutation(key(seed), n))
    return p.length === n && [...p].sort((a, b) => a - b).every((x, i) => x === i)
  })
  const counts = [0, 0, 0]
  for (let seed = 0; seed < 3000; seed++) (counts[toArray(permutation(key(seed), 3))[0] as 0 | 1 | 2] as number)++
  for (const count of counts) t.ok(Math.abs(count - 1000) < 5 * Math.sqrt((3000 * 2) / 9), `first place ${counts}`)
  const long = toArray(permutation(key(1), 5000))
  t.equal(new Set(long).size, 5000, 'two rounds')
  // computed with NumPy's stable argsort, by another program; beyond 1,625 numbers are sorted twice
  const known = [
    [0, 5000, [1571, 2451, 4994, 1518, 2508], [2525, 3098, 2444]],
    [1, 5000, [4034, 114, 1152, 207, 1430], [1873, 4423, 2651]],
    [0, 1625, [1078, 1594, 1499, 1491, 166], [605, 1497, 211]],
    [0, 1626, [523, 46, 686, 433, 1011], [878, 1385, 412]],
  ] as const
  for (const [seed, n, first, last] of known) {
    const found = toArray(permutation(key(seed), n))
    t.same([found.slice(0, 5), found.slice(-3)], [first, last], `${n} by the key ${seed}`)
  }
})

t.test('errors', async (t) => {
  t.throws(() => key(0.5), /a whole number as seed, got 0.5/)
  t.throws(() => key(2 ** 60), ValueError)
  t.throws(() => split(key(0), -1), /split: expected whole sizes that are not negative, got \[-1\]/)
  t.throws(() => split(7 as never), /split: expected a key of two words of 32 bits, got 7; key\(7\) makes one/)
  t.throws(() => foldIn([1.5, 0], 1), ValueError)
  t.throws(() => permutation(key(0), -1))
  t.throws(() => bits(key(0), 0.5))
})
