import {
  adam,
  approxEqual,
  batches,
  compose,
  examples,
  fromNested,
  grad,
  gradCheck,
  init,
  key,
  leastSquares,
  linear,
  minMax,
  named,
  oneHotColumns,
  op,
  predict,
  random,
  type Scalar,
  scanSync,
  shaped,
  standardize,
  start,
  type Tensor,
  toArray,
  toNested,
  trainStep,
} from 'pullback'
import t from 'tap'
import { sameTree } from '../law/diff.ts'

const sample = op.add(op.scale(random.normal(key(0), [40, 3]), 7), op.broadcast(fromNested([100, -3, 0]), [40, 3]))

t.test('the fitted sample has mean 0 and deviation 1, or lies between 0 and 1', async (t) => {
  const z = predict(standardize(sample), init(standardize(sample), key(0)), sample)
  t.ok(approxEqual(op.mean(z, 0), fromNested([0, 0, 0]), { absolute: 1e-5 }))
  t.ok(approxEqual(op.mean(op.mul(z, z), 0), fromNested([1, 1, 1]), { absolute: 1e-5 }))
  const layer = minMax(sample)
  const u = toArray(predict(layer, init(layer, key(0)), sample))
  t.equal(Math.min(...u), 0)
  t.equal(Math.max(...u), 1)
})

t.test('columns of equal numbers are not divided by zero', async (t) => {
  const x = fromNested([[0.1], [0.1], [0.1]])
  for (const layer of [standardize(x), minMax(x)]) {
    t.same(toNested(predict(layer, init(layer, key(0)), x)), [[0], [0], [0]])
    t.ok(toArray(predict(layer, init(layer, key(0)), fromNested([[5]]))).every(Number.isFinite))
  }
})

t.test('large means lose no digits', async (t) => {
  const x = fromNested([[1e6], [1e6 + 1], [1e6 + 2]])
  const layer = standardize(x)
  t.ok(
    approxEqual(predict(layer, init(layer, key(0)), x), fromNested([[-1.2247449], [0], [1.2247449]]), {
      absolute: 1e-6,
    }),
  )
})

t.test('numbers for each channel', async (t) => {
  const images = random.normal(key(1), [5, 4, 4, 2])
  const layer = standardize(images, { each: 'channel' })
  const { state } = init(layer, key(0))
  t.same(state.offset.shape, [2])
  const z = predict(layer, { params: {}, state }, images)
  t.ok(approxEqual(op.mean(z, [0, 1, 2]), fromNested([0, 0]), { absolute: 1e-5 }))
})

t.test('the numbers are state: training does not change them, and a layer made from sizes loads them', async (t) => {
  const net = compose(standardize(sample), named('out', linear(3, 1)))
  const run = start(net, adam(0.1), key(1))
  const source = batches({ size: 8 })(
    examples({ input: sample, target: shaped(op.slice(sample, [null, [0, 1]]), [-1, 1]) }),
  )
  let after = run
  for (const [next] of scanSync(trainStep(net, leastSquares, adam(0.1)), run, source.epoch(0, 0))) after = next
  t.ok(sameTree(after.state, run.state))
  t.notOk(sameTree(after.params, run.params))
  const empty = compose(standardize([3]), named('out', linear(3, 1)))
  t.ok(approxEqual(predict(empty, after, sample), predict(net, after, sample)))
  t.same(toNested(predict(standardize([2]), init(standardize([2]), key(0)), fromNested([[4, 5]]))), [[4, 5]])
})

t.test('gradients of both orders', async (t) => {
  const input = fromNested(
    [
      [0.3, 2, -1],
      [1.5, 0, 2],
    ],
    'float64',
  )
  const layers = [standardize(sample), minMax(sample)]
  for (const layer of layers as readonly ReturnType<typeof standardize<readonly [3]>>[]) {
    const variables = init(layer, key(0), { dtype: 'float64' })
    t.ok(gradCheck((x: typeof input) => predict(layer, variables, x), input).pass)
  }
  const layer = oneHotColumns([0, 0, 3])
  const variables = init(layer, key(0), { dtype: 'float64' })
  const categories = fromNested([[2], [0]], 'float64')
  const numbers = op.slice(input, [null, [0, 2]]) as Tensor
  t.ok(
    gradCheck(
      (x: Tensor) =>
        op.mul(
          predict(layer, variables, op.concat([x, categories], 1) as typeof input),
          predict(layer, variables, op.concat([x, categories], 1) as typeof input),
        ) as Tensor,
      numbers,
    ).pass,
  )
})

t.test('the numbers are constants', async (t) => {
  for (const layer of [standardize([3]), minMax([3])]) {
    const { state } = init(layer, key(0), { dtype: 'float64' })
    const x = random.normal(key(1), [2, 3], 'float64')
    const slopes = grad((s: typeof state) => op.sum(predict(layer, { params: {}, state: s }, x)) as Scalar)(state)
    t.same([toNested(slopes.offset), toNested(slopes.divisor)].flat(), [0, 0, 0, 0, 0, 0])
  }
})

t.test('errors say what to do', async (t) => {
  t.throws(
    () => standardize(fromNested([1, 2]) as never),
    /examples \[batch, …\] in float32 or float64 to fit to, or the sizes of one example, got float32 \[2\]/,
  )
  t.throws(() => standardize(fromNested([[1, Number.NaN]])), /finite numbers to fit to, got NaN at index \[0, 1\]/)
  t.throws(() => minMax(fromNested([[1], [-1 / 0]])), /finite numbers to fit to, got -Infinity at index \[1, 0\]/)
  t.throws(() => minMax(op.slice(sample, [[0, 0]])), /at least one example to fit to/)
  t.throws(() => standardize(sample, { axis: 0 } as never), /an option|options among each, got 'axis'/)
  t.throws(() => standardize(sample, { each: 'row' as never }), /'entry' or 'channel'/)
  t.throws(() => oneHotColumns([-1]), /for each column its number of categories, 0 for numbers, got \[-1\]/)
  const categories = [0, 3]
  const layer = oneHotColumns(categories)
  categories.push(2)
  t.throws(
    () => predict(layer, init(layer, key(0)), fromNested([[1, 3]])),
    /column 1: expected labels from 0 to 2, got 3/,
  )
  t.throws(() => predict(layer, init(layer, key(0)), fromNested([[1, 0.5]])), /column 1: .*0.5/)
  t.throws(() => predict(layer, init(layer, key(0)), fromNested([[1, 0, 0]])), /expected \[batch, 2\]/)
  t.throws(
    () => predict(standardize(sample), init(standardize(sample), key(0)), fromNested([[1, 0]]) as never),
    /expected \[batch, 3\]/,
  )
})
