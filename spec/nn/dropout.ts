// The statistics of dropout, 5 standard deviations wide under fixed keys; which entries are dropped, wherever it is computed.
import {
  type AnyLayer,
  alphaDropout,
  apply,
  compose,
  dropout,
  engine,
  fanout,
  init,
  join,
  key,
  linear,
  named,
  ones,
  op,
  predict,
  random,
  spatialDropout,
  type Tensor,
  tanh,
  threads,
  toArray,
  toNested,
  useEngine,
} from 'pullback'
import t from 'tap'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { sameTree } from '../law/diff.ts'

const nothing = { params: {}, state: {} }
const trained = (layer: AnyLayer, x: Tensor, seed = 1): Tensor =>
  apply(layer, nothing, { mode: 'train', key: key(seed) }, x as never).value as Tensor
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
const variance = (xs: readonly number[]): number => mean(xs.map((x) => x * x)) - mean(xs) ** 2
const n = 20_000

t.test('the share that is dropped, and the mean', async (t) => {
  for (const drop of [0.1, 0.5, 0.9]) {
    const y = toArray(trained(dropout({ drop }), ones([n, 1])))
    const share = y.filter((v) => v === 0).length / n
    t.ok(Math.abs(share - drop) < 5 * Math.sqrt((drop * (1 - drop)) / n), `${drop}: share`)
    t.ok(Math.abs(mean(y) - 1) < 5 * Math.sqrt(drop / (1 - drop) / n), `${drop}: mean`)
    const kept = Math.fround(1 / (1 - drop))
    t.same([...new Set(y)].sort(), [0, kept], `${drop}: dropped or divided by 1 − drop`)
    const z = toArray(trained(dropout({ drop }), random.normal(key(2), [n, 1])))
    t.ok(Math.abs(mean(z)) < 5 / Math.sqrt(n * (1 - drop)), `${drop}: mean of normal numbers`)
    t.ok(Math.abs(variance(z) * (1 - drop) - 1) < 5 * Math.sqrt((3 / (1 - drop) - 1) / n), `${drop}: their variance`)
  }
})

t.test('channels are dropped whole, each example its own', async (t) => {
  const y = toNested(trained(spatialDropout({ drop: 0.5 }), ones([200, 2, 3, 10])) as never) as number[][][][]
  const dropped = y.flatMap((image) =>
    Array.from({ length: 10 }, (_, c) => {
      const entries = image.flat().map((place) => place[c] as number)
      return new Set(entries).size === 1 ? Number(entries[0] === 0) : Number.NaN
    }),
  )
  t.ok(Math.abs(mean(dropped) - 0.5) < 5 * Math.sqrt(0.25 / 2000), 'all of a channel or nothing, half of the time')
  t.ok(new Set(y.map((image) => image[0]?.[0]?.map((v) => v === 0).join())).size > 100, 'examples differ')
})

t.test('alpha dropout keeps mean 0 and variance 1', async (t) => {
  for (const drop of [0.1, 0.5, 0.9]) {
    const y = toArray(trained(alphaDropout({ drop }), random.normal(key(3), [n, 1], 'float64')))
    t.ok(Math.abs(mean(y)) < 5 / Math.sqrt(n), `${drop}: mean`)
    const fourth = mean(y.map((v) => v ** 4))
    t.ok(Math.abs(variance(y) - 1) < 5 * Math.sqrt((fourth - 1) / n), `${drop}: variance`)
  }
  t.ok(Math.abs(mean(toArray(trained(alphaDropout({ drop: 0.5 }), ones([n, 1], 'float64')))) - 0.44) < 0.05)
})

t.test('the same key, the same entries: on any engine, any number of threads, in either precision', async (t) => {
  for (const layer of [dropout({ drop: 0.3 }), spatialDropout({ drop: 0.3 }), alphaDropout({ drop: 0.3 })]) {
    const dtypes = ['float32', 'float64'] as const
    const x = random.normal(key(4), [7, 5])
    const run = () => dtypes.map((dtype) => trained(layer, op.cast(x, dtype) as Tensor))
    const first = run()
    const before = engine()
    for (const other of [reference, wasm(), wasm({ threads: 2 })]) {
      useEngine(other)
      t.ok(
        run().every((y, i) =>
          toArray(y).every((v, j) => Math.abs(v - (toArray(first[i] as Tensor)[j] as number)) < 1e-6),
        ),
      )
    }
    useEngine(before)
    threads(1)
    const [short, long] = first.map((y) => toArray(y)) as [number[], number[]]
    t.ok(
      short.every((v, i) => Math.abs(v - (long[i] as number)) < 1e-5),
      'either precision',
    )
    t.notOk(sameTree(trained(layer, ones([7, 5]), 1), trained(layer, ones([7, 5]), 2)), 'another key, others')
  }
})

t.test('the names around a layer are part of its key', async (t) => {
  const x = ones([4, 16])
  const under = (name: string): Tensor => trained(named(name, dropout({ drop: 0.5 })), x)
  t.ok(sameTree(under('a'), under('a')))
  t.notOk(sameTree(under('a'), under('b')))
  const twice = compose(named('a', dropout({ drop: 0.5 })), named('b', dropout({ drop: 0.5 })))
  t.ok(toArray(trained(twice, x)).includes(4), 'two layers drop each their own')
  t.notOk(sameTree(under('costarring'), under('liquid')), 'two names with one hash of 32 bits')
})

t.test('layers without names drop each their own, at any depth', async (t) => {
  const half = dropout({ drop: 0.5 })
  const kept = (layer: AnyLayer): number => mean(toArray(trained(layer, ones([n, 1]))).map((y) => Number(y !== 0)))
  for (const [layer, layers] of [
    [compose(half, half), 2],
    [compose(half, tanh, half), 2],
    [compose(compose(half, half), compose(half, half)), 4],
    [named('a', compose(half, half)), 2],
    [compose(half, named('a', half)), 2],
  ] as const) {
    const share = 0.5 ** layers
    t.ok(Math.abs(kept(layer) - share) < 5 * Math.sqrt((share * (1 - share)) / n), `${layers} layers keep ${share}`)
  }
  const joined = trained(compose(fanout({ a: half, b: half }), join.sum) as AnyLayer, ones([n, 1]))
  t.same([...new Set(toArray(joined))].sort(), [0, 2, 4], 'two branches')
})

t.test('evaluation gives back the very tensor, and the pullback what it is given', async (t) => {
  const x = ones([2, 3])
  for (const layer of [dropout({ drop: 0.5 }), spatialDropout({ drop: 0.5 }), alphaDropout({ drop: 0.5 })]) {
    const step = layer.apply({}, {}, { mode: 'eval' }, x)
    t.equal(step.value, x)
    t.equal(step.pullback(x).input(), x)
  }
  t.equal(dropout({ drop: 0 }).apply({}, {}, { mode: 'train', key: key(0) }, x).value, x, 'so does dropping nothing')
  const net = compose(named('L', linear(3, 3)), dropout({ drop: 0.5 }), tanh)
  const plain = compose(named('L', linear(3, 3)), tanh)
  t.ok(sameTree(predict(net, init(net, key(0)), x), predict(plain, init(plain, key(0)), x)))
})

t.test('the pullback drops the same entries', async (t) => {
  const layer = dropout({ drop: 0.5 })
  const x = random.normal(key(5), [8, 8])
  const { value, pullback } = layer.apply({}, {}, { mode: 'train', key: key(6) }, x)
  const dx = pullback(ones([8, 8])).input()
  t.ok(sameTree(op.mul(x, dx), value))
})
