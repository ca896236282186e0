// Wrong arguments of training, evaluation and data functions, and the remedies in their errors.
import {
  adam,
  batches,
  evaluate,
  examples,
  explain,
  fit,
  key,
  leastSquares,
  linear,
  metric,
  ones,
  predict,
  scan,
  scanSync,
  showIssues,
  source,
  start,
  stop,
  toBytes,
  trainStep,
  tree,
} from 'pullback'
import t from 'tap'

// biome-ignore lint/suspicious/noExplicitAny: what the types refuse is tried as a program without them would
type Loose = any
const loose = (f: unknown): Loose => f as Loose

const net = linear(2, 2)
const optimizer = adam()
const run = start(net, optimizer, key(0))
const batch = { input: ones([3, 2]), target: ones([3, 2]) }
const data = examples(batch)
const options = { train: data, key: key(0), epochs: 1 }
const fitted = (more: object, loss: unknown = leastSquares) =>
  loose(fit)(net, loss, optimizer, { ...options, ...more }).next()

t.test('a value that is not a loss', async (t) => {
  const cases: readonly (readonly [loss: unknown, said: RegExp])[] = [
    [leastSquares(batch.target), /: expected a loss, got one that has its target already; give the loss itself/],
    ['mse', /: expected a loss, got 'mse'; give the loss itself/],
    [() => 3, /: expected a loss that gives a function of the output, got 3; give the loss itself/],
    [() => () => 3, /: expected a loss that gives its value and its pullback, got 3; .* defineLoss/],
    [() => (y: unknown) => [y, () => y], /: expected a loss of one number, got \[3, 2\]; take its mean/],
  ]
  for (const [loss, said] of cases) {
    t.throws(() => loose(trainStep)(net, loss, optimizer)(run, batch), said)
    t.throws(() => loose(explain)(net, run, batch.input, { loss, target: batch.target }), said)
    await t.rejects(loose(evaluate)(net, run, loss, data), said)
    await t.rejects(fitted({}, loss), said)
  }
})

t.test('values that are not metrics', async (t) => {
  const cases: readonly (readonly [metrics: unknown, said: RegExp])[] = [
    [{ a: 3 }, /at metrics.a: expected metrics by name, .*got 3; metrics: \{ accuracy \} has one/],
    [{ a: undefined }, /at metrics.a: .*got undefined/],
    [[metric.accuracy], /at metrics: .*got an array/],
    [metric.accuracy, /at metrics: .*got a function/],
    [null, /at metrics: .*got null/],
    [{ a: () => 'x' }, /at metrics.a: expected a metric that gives a number, got 'x'/],
    [{ a: () => ones([]) }, /at metrics.a: .*got a tensor \[\]; item reads/],
  ]
  for (const [metrics, said] of cases) {
    await t.rejects(loose(evaluate)(net, run, leastSquares, data, { metrics }), said)
    await t.rejects(fitted({ metrics }), said)
  }
})

t.test('values that are not rules, signals or sources', async (t) => {
  await t.rejects(fitted({ stop: [3] }), /fit: expected rules to stop, .*got \[3\]; stop: \[stop.patience\(5\)\]/)
  await t.rejects(fitted({ stop: stop.time(3) }), /fit: expected rules to stop, .*got a function/)
  await t.rejects(fitted({ stop: [() => null, () => false] }), /give a reason, a string, .*got false from stop\[1\]/)
  await t.rejects(
    fitted({ stop: [async () => 'late'] }),
    /give a reason, a string, .*got a promise without await from stop\[0\]/,
  )
  for (const epoch of [async () => [], () => undefined, () => 3]) {
    const said = /: expected a source whose epoch gives minibatches, .*got (a promise without await|undefined|3);/
    await t.rejects(fitted({ train: { epoch } }), said)
    await t.rejects(loose(evaluate)(net, run, leastSquares, { epoch }), said)
  }
  await t.rejects(fitted({ evaluated: 3 }), /fit: expected evaluated, a function/)
  await t.rejects(fitted({ signal: 3 }), /fit: expected a signal to stop, got 3/)
  await t.rejects(loose(evaluate)(net, run, leastSquares, data, { signal: true }), /evaluate: expected a signal/)
  await t.rejects(loose(scan)(() => [1, 2], 0, [1], { signal: {} }).next(), /scan: expected a signal/)
  t.throws(() => loose(stop.time)('60'), /time: expected a number of seconds, got '60'/)
  const misspelt = { column: 'loss', better: 'lower', patience: 3 }
  t.throws(() => loose(stop.patience)(2, misspelt), /patience: expected options among column, better, got 'patience'/)
  t.throws(() => loose(stop.target)(2, misspelt), /target: expected options among column, better, got 'patience'/)
  const minibatches = batches({ size: 2 })(data)
  t.throws(() => loose(source.map)(minibatches, 3), /map: expected a function of a minibatch, got 3/)
  t.throws(() => loose(source.augment)(minibatches, key(0)), /augment: expected a function of a minibatch and a key/)
  t.throws(() => loose(source.prefetch)(minibatches, { n: 2 }), /prefetch: .*got the names n \[out-of-range\]$/)
})

t.test('a copied run is told from a run', async (t) => {
  const copies: readonly (readonly [copy: <T>(x: T) => T, remedy: RegExp])[] = [
    [structuredClone, /got a copy of a tensor .* without its methods; .*revive restores a copy/],
    [(x) => JSON.parse(JSON.stringify(x)), /got a copy of a tensor .* without its methods; .*fromJSON reads it/],
  ]
  const { value: state } = await fitted({})
  for (const [copy, said] of copies) {
    const copied = copy(run)
    t.throws(() => trainStep(net, leastSquares, optimizer)(copied, batch), said)
    t.throws(() => trainStep(net, leastSquares, optimizer)({ ...run, optimizer: copied.optimizer }, batch), said)
    t.throws(() => [...scanSync(trainStep(net, leastSquares, optimizer), copied, [batch])], said)
    t.throws(() => predict(net, copied, batch.input), said)
    t.throws(() => start(net, optimizer, key(0), { variables: copied }), said)
    t.throws(() => tree.zipWith(run.params, copied.params, (x) => x), said)
    t.throws(() => tree.zipWith(copied.params, run.params, (x) => x), said)
    t.throws(() => toBytes(copied), said)
    await t.rejects(loose(evaluate)(net, copied, leastSquares, data), said)
    await t.rejects(fitted({ from: copy(state) }), said)
  }
  const history = { ...state.history, loss: [null] }
  await t.rejects(fitted({ from: { ...state, history } }), /fit at history.loss: .* got null; JSON has neither NaN/)
  await t.rejects(
    fitted({ from: run }),
    /fit: expected a state to resume from, as fit returns it, .*scan \[wrong-argument\]$/,
  )
  await t.rejects(fitted({ train: structuredClone(data) }), /expected examples, got the names data, rows; .*revive/)
})

t.test('values that are not issues', async (t) => {
  for (const none of [undefined, { _tag: 'Left' }, [null], 'abc'])
    t.throws(() => loose(showIssues)(none), /showIssues: expected an array of issues \{ path, message \}, got .*Either/)
  t.equal(showIssues([]), '')
})
