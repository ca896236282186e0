// A large minibatch a part at a time is the large minibatch, whatever the loss divides by: unlike the mean of the parts' means.
import {
  type AnyLayer,
  accumulate,
  apply,
  batchNorm,
  columns,
  compose,
  dropout,
  engine,
  epochs,
  examples,
  fanout,
  fromNested,
  identity,
  init,
  inParts,
  join,
  key,
  leastSquares,
  linear,
  named,
  ones,
  op,
  predict,
  random,
  repeat,
  type Scalar,
  scanSync,
  sgd,
  softmaxCrossEntropy,
  start,
  type Tensor,
  tanh,
  toArray,
  toNested,
  trainStep,
  tree,
  useEngine,
  zeros,
} from 'pullback'
import t from 'tap'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { closeTrees, sameTree } from '../law/diff.ts'
import { lawsOfLayer } from '../law/layer.ts'

const net = compose(named('a', linear(3, 4)), tanh, named('b', linear(4, 2)))
const options = { dtype: 'float64' } as const

t.test('the laws of layers', async (t) => {
  lawsOfLayer(t, 'in parts of two', inParts(2, net) as AnyLayer)
  lawsOfLayer(
    t,
    'one by one, of branches',
    inParts(1, compose(fanout({ a: linear(3, 2), b: tanh }), named('c', identity))) as AnyLayer,
  )
  lawsOfLayer(t, 'within itself', inParts(3, compose(inParts(2, linear(3, 3)), tanh)) as AnyLayer)
})

t.test('the case by hand: a last part that is smaller counts less', async (t) => {
  const line = linear(1, 1)
  const variables = { params: { W: zeros([1, 1], 'float64'), b: zeros([1], 'float64') }, state: {} } as never
  const all = {
    input: fromNested([[1], [2], [3], [4]], 'float64'),
    target: fromNested([[1], [1], [1], [5]], 'float64'),
  }
  const after = (layer: AnyLayer): readonly number[] => {
    const begun = start(layer, sgd(0.1), key(0), { variables })
    const [{ params }] = trainStep(layer, leastSquares as never, sgd(0.1))(begun as never, all as never)
    return Object.values(params as unknown as { readonly [name: string]: Tensor }).flatMap((p) => toArray(p))
  }
  const close = (found: readonly number[], expected: readonly number[]) =>
    found.every((x, i) => Math.abs(x - (expected[i] as number)) < 1e-12)
  for (const size of [1, 2, 3, 4, 9])
    t.ok(close(after(inParts(size, line) as AnyLayer), [1.3, 0.4]), `parts of ${size}`)
  const gathering = accumulate(2, sgd(0.1))
  const parts = [
    [0, 3],
    [3, 4],
  ] as const
  const runs = scanSync(
    trainStep(line, leastSquares, gathering),
    start(line, gathering, key(0), { variables }),
    parts.map((range) => tree.map(all, (x) => op.slice(x as Tensor, [range])) as never),
  )
  const last = [...runs].at(-1)?.[0]
  t.ok(
    close([...toArray(last?.params.W as Tensor), ...toArray(last?.params.b as Tensor)], [2.2, 0.6]),
    'a mean of means',
  )
})

t.test('ignored labels and weights of classes: the gradient and the loss are those of the minibatch', async (t) => {
  const batch = {
    input: random.normal(key(1), [7, 3], 'float64'),
    target: fromNested([0, -1, -1, 1, 0, 1, -1], 'int32'),
  } as never
  for (const loss of [
    softmaxCrossEntropy,
    softmaxCrossEntropy.with({ ignore: -1 }),
    softmaxCrossEntropy.with({ ignore: -1, weights: [1, 5], smoothing: 0.1 }),
    softmaxCrossEntropy.with({ ignore: -1 }).sum,
  ]) {
    const labels =
      loss === softmaxCrossEntropy
        ? { ...(batch as object), target: fromNested([0, 1, 1, 1, 0, 1, 0], 'int32') }
        : batch
    const stepped = (layer: typeof net) => {
      const run = start(layer, sgd(1), key(0), options)
      return trainStep(layer, loss as never, sgd(1))(run, labels as never)
    }
    const [whole, { loss: value, output }] = stepped(net)
    for (const size of [1, 2, 3, 6]) {
      const [found, metrics] = stepped(inParts(size, net))
      t.ok(closeTrees(found.params, whole.params, 1e-13), `parts of ${size}`)
      t.ok(Math.abs(metrics.loss - value) < 1e-13)
      t.ok(closeTrees(metrics.output, output, 1e-13))
    }
  }
})

t.test('an epoch has nothing left over', async (t) => {
  const data = examples({
    input: random.normal(key(3), [11, 3], 'float64'),
    target: random.normal(key(4), [11, 2], 'float64'),
  })
  const trained = (layer: typeof net) => {
    const step = trainStep(layer, leastSquares, sgd(0.05))
    const batches = epochs({ count: 3, size: 4, key: key(5) })(data)
    return [...scanSync(step, start(layer, sgd(0.05), key(0), options), batches as never)].at(-1)?.[0]
  }
  const [whole, parts] = [trained(net), trained(inParts(3, net))]
  t.equal(parts?.step, 9)
  t.ok(closeTrees(parts?.params as never, whole?.params as never, 1e-12))
})

t.test('what is random, and what depends on others, is each part’s own', async (t) => {
  const half = inParts(4, dropout({ drop: 0.5 }))
  const nothing = { params: {}, state: {} }
  const masks = toNested(apply(half, nothing, { mode: 'train', key: key(1) }, ones([12, 8]) as never).value as never)
  const rows = (masks as unknown as readonly (readonly number[])[]).map((row) => row.join())
  t.notSame(rows.slice(0, 4), rows.slice(4, 8))
  t.notSame(rows.slice(4, 8), rows.slice(8, 12))

  const norm = batchNorm(2)
  const x = random.normal(key(2), [5, 2], 'float64')
  const begun = init(norm, key(0), options)
  const context = { mode: 'train', key: key(0) } as const
  const found = apply(inParts(3, norm), begun, context, x as never)
  const first = apply(norm, begun, context, op.slice(x, [[0, 3]]) as never)
  const second = apply(norm, { ...begun, state: first.state }, context, op.slice(x, [[3, 5]]) as never)
  t.ok(sameTree(found.value, op.concat([first.value, second.value] as never)))
  t.ok(sameTree(found.state, second.state))

  const given = init(net, key(0))
  t.ok(sameTree(predict(inParts(2, net), given, ones([5, 3])), predict(net, given, ones([5, 3]))), 'so does evaluation')
  t.same(predict(inParts(2, net), given, zeros([0, 3])).shape, [0, 2])
})

t.test('a step takes less memory', async (t) => {
  const wide = repeat(20, compose(named('a', linear(32, 32)), tanh)) as AnyLayer
  const data = { input: random.normal(key(1), [8192, 32]), target: random.normal(key(2), [8192, 32]) } as never
  const needed = (layer: AnyLayer): number => {
    const before = useEngine(wasm({ poison: true }))
    try {
      trainStep(layer, leastSquares as never, sgd(0.01))(start(layer, sgd(0.01), key(0)) as never, data)
      return engine().bytes
    } finally {
      useEngine(before)
    }
  }
  const [all, parts] = [needed(wide), needed(inParts(1024, wide) as AnyLayer)]
  t.ok(2 * parts <= all, `${parts} < ${all} bytes`)
})

t.test('bad input', async (t) => {
  for (const size of [0, -1, 1.5, '2', undefined])
    t.throws(() => inParts(size as never, net), /^inParts: expected size that is a whole number from 1, got /)
  const given = init(net, key(0))
  t.throws(() => inParts(2, net).apply(given.params, {}, { mode: 'eval' }, zeros([]) as never), {
    message: 'inParts: expected some examples along the first axis, got []',
  })
  const two = inParts(2, compose(named('x', identity), join.sum)) as AnyLayer
  t.throws(() => two.apply({}, {}, { mode: 'eval' }, { a: zeros([5, 2]), b: zeros([4, 2]) } as never), {
    message: 'inParts: expected 5 examples along the first axis, got [4, 2]',
  })
  const mixed = { ...identity, apply: () => ({ value: op.sum(ones([2])) as Scalar, state: {}, pullback: () => ({}) }) }
  t.throws(() => inParts(2, mixed as never as AnyLayer).apply({}, {}, { mode: 'eval' }, zeros([5, 2]) as never), {
    message: 'inParts: expected 2 examples along the first axis, got []',
  })
  t.throws(() => inParts(2, columns(linear(3, 2)) as AnyLayer), {
    message: 'inParts: expected a layer whose examples are rows, got one that takes columns',
  })
})
