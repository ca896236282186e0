// What fit says of an epoch of uneven minibatches: of metrics that stream, and of losses with weights, it is exact.
import {
  adam,
  eachStep,
  evaluate,
  examples,
  type FitState,
  fit,
  fitCodec,
  fromBytes,
  fromNested,
  key,
  linear,
  metric,
  mse,
  op,
  overSteps,
  random,
  range,
  type Scores,
  sgd,
  softmaxCrossEntropy,
  start,
  type Tensor,
  toBytes,
  weighted,
} from 'pullback'
import t from 'tap'
import * as O from '#fp/Option'

const n = 11
const input = random.normal(key(1), [n, 2])
const labels = fromNested([0, 1, 2, 1, 1, 0, 2, 1, 0, 1, 2], 'int32')
const train = examples({ input, target: labels })
const net = linear(2, 3)
/** With the rate 0 the network stays what it is, so what is said while training is what evaluation says. */
const still = sgd(0)
const metrics = {
  accuracy: metric.accuracy,
  f1: metric.f1,
  topK: metric.topK(2),
  perplexity: metric.perplexity,
  ofLoss: metric.ofLoss(softmaxCrossEntropy.with({ weights: [1, 2, 5] })),
}
const close = (a: number | undefined, b: number | undefined): boolean =>
  Math.abs((a as number) - (b as number)) < 1e-6 * (1 + Math.abs(b as number))

const last = async <A>(states: AsyncIterable<A>): Promise<A> => {
  let found: A | undefined
  for await (const state of states) found = state
  return found as A
}

t.test('metrics that stream, over minibatches of 4, 4 and 3', async (t) => {
  const options = { train, key: key(2), epochs: 1, size: 4, metrics }
  const state = await last(fit(net, softmaxCrossEntropy, still, options))
  const whole = await evaluate(net, state, softmaxCrossEntropy, train, { metrics })
  for (const [name, said] of Object.entries(whole)) t.ok(close(state.history[name]?.[0], said), `${name}: ${said}`)
  const plain = await last(
    fit(net, softmaxCrossEntropy, still, { ...options, metrics: { f1: (z: Scores, y) => metric.f1(z, y) } }),
  )
  t.notOk(close(plain.history.f1?.[0], whole.f1), 'a plain function is averaged, which here is another number')
})

t.test('the loss of examples with weights, and of classes with weights', async (t) => {
  const weights = softmaxCrossEntropy.with({ weights: [1, 2, 5], ignore: 0 })
  const options = { train, key: key(2), epochs: 2, size: 4 }
  const classes = await last(fit(net, weights, still, options))
  t.ok(close(classes.history.loss?.[1], (await evaluate(net, classes, weights, train)).loss))

  const one = linear(2, 1)
  const target = {
    target: op.reshape(range(0, n), [n, 1]) as Tensor,
    weight: range(1, n + 1) as Tensor<readonly [number]>,
  }
  const data = examples({ input, target })
  const state = await last(fit(one, weighted(mse), still, { ...options, train: data }))
  t.ok(close(state.history.loss?.[1], (await evaluate(one, state, weighted(mse), data)).loss))
})

t.test('the loss over the steps of sequences, of which some are padding', async (t) => {
  const net = eachStep(linear(2, 3))
  const target = op.reshape(fromNested([0, 1, -1, 2, -1, -1, 1, 0, 2, 2, -1, 0, 0, 1, 1], 'int32'), [5, 3])
  const data = examples({ input: random.normal(key(4), [5, 3, 2]), target })
  const loss = overSteps(softmaxCrossEntropy.with({ ignore: -1 }))
  const state = await last(fit(net, loss as never, still, { train: data, key: key(2), epochs: 1, size: 2 } as never))
  const found = await evaluate(net, state as never, loss as never, data as never)
  t.ok(close((state as FitState<unknown, unknown, unknown>).history.loss?.[0], found.loss))
})

t.test('a run that goes on from a file in the midst of an epoch has the same summaries', async (t) => {
  const options = { train, key: key(2), epochs: 2, size: 4, metrics, every: 'step' as const }
  const optimizer = adam(0.1)
  const loss = softmaxCrossEntropy.with({ weights: [1, 2, 5] })
  const whole = await last(fit(net, loss, optimizer, options))
  for await (const state of fit(net, loss, optimizer, options)) {
    if (state.position !== 2) continue
    const read = fromBytes(fitCodec(start(net, optimizer, key(0))))(toBytes(state))
    if (read._tag === 'Left') throw new Error('the state cannot be read')
    t.same(read.right.streams, state.streams)
    const { history } = await last(fit(net, loss, optimizer, { ...options, from: read.right as never }))
    t.same({ ...history, seconds: [] }, { ...whole.history, seconds: [] })
    break
  }
})

t.test('a metric that gives an Option, and how it becomes a number', async (t) => {
  const target = op.slice(input, [null, [0, 1]]) as Tensor as Tensor<readonly [number, 1]>
  const data = examples({ input, target })
  const options = { train: data, key: key(2), epochs: 1, size: 3 }
  await t.rejects(
    last(fit(linear(2, 1), mse, still, { ...options, metrics: { r2: metric.r2 as never } })),
    /metrics\.r2.* expected a metric that gives a number, got .*mapValue/,
  )
  const r2 = metric.mapValue(
    metric.r2,
    O.getOrElse(() => Number.NaN),
  )
  const state = await last(fit(linear(2, 1), mse, still, { ...options, metrics: { r2 } }))
  const found = await evaluate(linear(2, 1), state, mse, data, { metrics: { r2 } })
  t.ok(close(state.history.r2?.[0], found.r2))
})
