import fc from 'fast-check'
import { random, type Shape, toArray, toNested, ValueError } from 'pullback'
import t from 'tap'
import { engine } from '../../lib/kernel/engine.ts'
import { check } from '../support/property.ts'

const { bernoulli, bits, foldIn, key, normal, permutation, split, uniform } = random

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
})

t.test('errors', async (t) => {
  t.throws(() => key(0.5), /a whole number as seed, got 0.5/)
  t.throws(() => key(2 ** 60), ValueError)
  t.throws(() => split(key(0), -1), /split: expected whole sizes that are not negative, got \[-1\]/)
  t.throws(() => split(7 as never), /key: expected a key of two words, as key\(seed\) gives, got 7/)
  t.throws(() => foldIn([1.5, 0], 1), ValueError)
  t.throws(() => permutation(key(0), -1))
  t.throws(() => bits(key(0), 0.5))
})
