import {
  adam,
  adamw,
  averaged,
  batches,
  batchNorm,
  chain,
  compose,
  dropout,
  ema,
  evaluate,
  examples,
  type FitState,
  fit,
  fromArray,
  key,
  leastSquares,
  linear,
  metric,
  named,
  predict,
  random,
  relu,
  scanSync,
  schedule,
  sgd,
  softmaxCrossEntropy,
  start,
  stop,
  type Tensor,
  toArray,
  toNested,
  trainStep,
} from 'pullback'
import t from 'tap'
import { sameTree } from '../law/diff.ts'

/** Points inside and outside a circle. */
const points = (n: number, seed: number) => {
  const input = random.uniform(key(seed), [n, 2], { min: -1.5, max: 1.5 })
  const xs = toArray(input)
  const inside = Array.from({ length: n }, (_, i) =>
    (xs[2 * i] as number) ** 2 + (xs[2 * i + 1] as number) ** 2 < 1 ? 1 : 0,
  )
  return examples({ input, target: fromArray(inside, [n], 'int32') })
}
const [train, validation] = [points(150, 1), points(70, 2)]
const net = compose(
  named('L1', linear(2, 8)),
  batchNorm(8),
  relu,
  named('drop', dropout({ drop: 0.2 })),
  named('L2', linear(8, 2)),
)
const optimizer = adamw(0.02)
const options = { train, validation, key: key(3), epochs: 4, size: 32, metrics: { accuracy: metric.accuracy } }

const all = async <A>(states: AsyncIterable<A>): Promise<readonly A[]> => {
  const found: A[] = []
  for await (const state of states) found.push(state)
  return found
}
const last = <A>(found: readonly A[]): A => found[found.length - 1] as A
/** All of a state but what the clock says. */
const timeless = (s: FitState<unknown, unknown, unknown>) => {
  const { seconds, history, ...rest } = s
  return { ...rest, history: { ...history, seconds: [] } }
}

t.test('fit is the loop written by hand, bit for bit', async (t) => {
  const found = last(await all(fit(net, softmaxCrossEntropy, optimizer, options)))
  const learn = trainStep(net, softmaxCrossEntropy, optimizer)
  const source = batches({ size: 32, key: random.foldIn(key(3), 'order') })(train)
  let run = start(net, optimizer, key(3))
  const losses: number[] = []
  for (let epoch = 0; epoch < 4; epoch++) {
    let [sum, n] = [0, 0]
    for (const [next, { loss, output }] of scanSync(learn, run, source.epoch(epoch, 0))) {
      run = next
      sum += loss * output.shape[0]
      n += output.shape[0]
    }
    losses.push(sum / n)
  }
  t.ok(sameTree(found.params, run.params))
  t.ok(sameTree(found.state as never, run.state as never))
  t.same(found.step, run.step)
  t.same(found.history.loss, losses)
  t.same(found.history.epoch, [1, 2, 3, 4])
  t.same(found.history.step, [5, 10, 15, 20])
})

t.test('validation is exact, and the best epoch keeps its variables', async (t) => {
  const states = await all(fit(net, softmaxCrossEntropy, optimizer, options))
  const found = last(states)
  for (const [i, state] of states.entries()) {
    const scores = predict(net, state, validation.data.input)
    t.equal(found.history['validation.accuracy']?.[i], metric.accuracy(scores, validation.data.target))
  }
  const losses = found.history['validation.loss'] as readonly number[]
  t.equal(found.best?.value, Math.min(...losses))
  const best = found.best as NonNullable<typeof found.best>
  t.ok(sameTree(best.params, (states[best.epoch - 1] as typeof found).params))
})

t.test('any size of the minibatches gives the same evaluation', async (t) => {
  const run = start(net, optimizer, key(0))
  const metrics = { accuracy: metric.accuracy, f1: metric.f1.macro }
  const whole = await evaluate(net, run, softmaxCrossEntropy, validation, { metrics, size: 1000 })
  for (const size of [1, 7, 32]) {
    const found = await evaluate(net, run, softmaxCrossEntropy, validation, { metrics, size })
    t.equal(found.accuracy, whole.accuracy)
    t.equal(found.f1, whole.f1)
    t.ok(Math.abs((found.loss as number) - (whole.loss as number)) < 1e-6)
  }
  const source = batches({ size: 9 })(validation)
  t.same(
    await evaluate(net, run, softmaxCrossEntropy, source, { metrics }),
    await evaluate(net, run, softmaxCrossEntropy, validation, { metrics, size: 9 }),
  )
})

t.test('a run resumes from any of its states with the same bits, even within an epoch', async (t) => {
  const states = await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, epochs: 3, every: 'step' }))
  const end = timeless(last(states))
  t.equal(states.length, 3 * 5 + 3)
  for (const from of states.slice(0, -1)) {
    const resumed = last(
      await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, key: undefined, epochs: 3, from })),
    )
    t.ok(sameTree(resumed.params as never, end.params as never))
    t.ok(sameTree(resumed.best?.params as never, end.best?.params as never))
    t.same(timeless(resumed).history, end.history)
  }
})

t.test('rules stop a run', async (t) => {
  const run = (rule: ReturnType<typeof stop.time>) =>
    all(fit(net, softmaxCrossEntropy, sgd(0), { ...options, epochs: 50, stop: [rule] }))
  const stuck = await run(stop.patience(3))
  t.match(last(stuck).stopped, /no better validation.loss for 3 epochs/)
  t.ok(stuck.length < 50)
  t.equal((await run(stop.time(0))).length, 1)
  t.equal((await run(stop.target(0, { column: 'validation.accuracy', better: 'higher' }))).length, 1)
  await t.rejects(run(stop.patience(3, 'validation.f1')), /expected one of the columns epoch, .*got 'validation.f1'/)
  t.same(
    stop.patience(2, 'loss')({ loss: [Number.NaN, Number.NaN, Number.NaN] }),
    'no better loss for 2 epochs',
    'NaN is no progress',
  )
  t.same(stop.patience(2, { column: 'r2', better: 'higher' })({ r2: [-3, -2, -1] }), undefined)
})

t.test('an abort ends the run after the current step, and the state can be resumed', async (t) => {
  const controller = new AbortController()
  const states = fit(net, softmaxCrossEntropy, optimizer, {
    ...options,
    epochs: 2,
    every: 'step',
    signal: controller.signal,
  })
  let state: (typeof states extends AsyncGenerator<infer S> ? S : never) | undefined
  for (;;) {
    const { value, done } = await states.next()
    state = value
    if (done) break
    if (value.step === 7) controller.abort()
  }
  t.equal(state?.step, 7)
  t.equal(state?.position, 2)
  const whole = last(await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, epochs: 2 })))
  const resumed = last(
    await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, epochs: 2, from: state as never })),
  )
  t.ok(sameTree(resumed.params as never, whole.params))
})

t.test(
  'an abort in the midst of an evaluation ends the run too, and it is evaluated when the run goes on',
  async (t) => {
    const controller = new AbortController()
    const [part] = [...batches({ size: 100 })(points(100, 2)).epoch(0, 0)]
    const validation = {
      count: 1,
      *epoch() {
        controller.abort()
        yield part as NonNullable<typeof part>
      },
    }
    const once = { ...options, epochs: 1, validation, every: 'step' } as const
    const stopped = last(await all(fit(net, softmaxCrossEntropy, optimizer, { ...once, signal: controller.signal })))
    t.equal(stopped.epoch, 0)
    t.equal(stopped.position, stopped.count)
    const resumed = last(await all(fit(net, softmaxCrossEntropy, optimizer, { ...once, from: stopped })))
    const whole = last(await all(fit(net, softmaxCrossEntropy, optimizer, once)))
    t.equal(resumed.epoch, 1)
    t.same({ ...resumed.history, seconds: [] }, { ...whole.history, seconds: [] })
  },
)

t.test('the optimizer may depend on the history', async (t) => {
  const plateau = schedule.reduceOnPlateau(0.5, { patience: 0 })
  const rates: number[] = []
  const following = (history: { readonly [column: string]: readonly number[] }) => {
    const { rate } = (history['validation.loss'] ?? []).reduce(plateau.next, plateau.start)
    rates.push(rate)
    return adam(rate)
  }
  await all(fit(net, softmaxCrossEntropy, following, { ...options, epochs: 8 }))
  t.ok((rates.at(-1) as number) < 0.5, `${rates}`)
})

t.test('an average of the parameters can be evaluated', async (t) => {
  const smoothed = ema(0.9, adam(0.02))
  const found = last(
    await all(
      fit(net, softmaxCrossEntropy, smoothed, {
        ...options,
        evaluated: averaged,
      }),
    ),
  )
  t.notOk(sameTree(found.best?.params as never, found.params))
})

t.test('sources of any kind', async (t) => {
  const async = {
    count: undefined,
    epoch: async function* (n: number, from: number) {
      yield* batches({ size: 32, key: random.foldIn(key(3), 'order') })(train).epoch(n, from)
    },
  }
  const [a, b] = [
    last(await all(fit(net, softmaxCrossEntropy, optimizer, options))),
    last(await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, train: async }))),
  ]
  t.ok(sameTree(a.params, b.params))
  const dropped = batches({ size: 32, last: 'drop' })(train)
  t.equal(dropped.count, 4)
  t.equal([...dropped.epoch(0, 1)].length, 3)
  const regression = examples({ input: random.normal(key(1), [10, 2]), target: random.normal(key(2), [10, 1]) })
  t.ok(last(await all(fit(linear(2, 1), leastSquares, sgd(0.01), { train: regression, key: key(0), epochs: 2 }))))
  const still = { train: regression, validation: regression, key: key(0), epochs: 3 }
  t.equal(last(await all(fit(linear(2, 1), leastSquares, sgd(0), still))).best?.epoch, 1, 'the first of equals')
})

t.test('errors', async (t) => {
  const run = (more: object, loss: unknown = softmaxCrossEntropy) =>
    all(fit(net, loss as typeof softmaxCrossEntropy, optimizer, { ...options, ...more } as typeof options))
  await t.rejects(run({ epoch: 3 }), /fit: expected options among .*epochs.* got 'epoch'/)
  await t.rejects(run({ key: undefined }), /a key, such as key\(0\), or a state to resume from/)
  await t.rejects(run({ epochs: 1.5 }), /a whole number of epochs/)
  await t.rejects(run({ metrics: { loss: metric.accuracy } }), /another name for a metric/)
  await t.rejects(
    run({ train: { input: 1, target: 2 } }),
    /examples, or a source of minibatches.*examples\({ input, target }\)/,
  )
  await t.rejects(run({ train: { count: 0, epoch: () => [] } }), /minibatches to learn from/)
  await t.rejects(run({ validation: { count: 0, epoch: () => [] } }), /at least one example/)
  const controller = new AbortController()
  const [first] = [...batches({ size: 9 })(validation).epoch(0, 0)]
  const stopping = {
    count: 2,
    epoch: function* () {
      yield first as NonNullable<typeof first>
      controller.abort()
      yield first as NonNullable<typeof first>
    },
  }
  await t.rejects(
    evaluate(net, start(net, optimizer, key(0)), softmaxCrossEntropy, stopping, { signal: controller.signal }),
    /the time for all, got an abort/,
  )
  await t.rejects(run({ monitor: 'accuracies' }), /one of the columns/)
  const before = last(await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, epochs: 1 })))
  await t.rejects(run({ from: before, metrics: {} }), /the columns of the history so far/)
})

t.test('steps run from programs, or it is said why not', async (t) => {
  const net = linear(2, 2)
  const given = { train, key: key(0), epochs: 3 }
  const last = async (more: object, optimizer: unknown = adam(0.1)) => {
    let state: { readonly params: object } | undefined
    for await (state of fit(net, softmaxCrossEntropy, optimizer as never, { ...given, ...more } as never));
    return toNested((state as unknown as { readonly params: { readonly W: Tensor } }).params.W)
  }
  const plain = await last({ compiled: false })
  for (const more of [{}, { compiled: true }, { compiled: 'if possible' }, { every: 2 }, { every: 'step' }])
    t.same(await last(more), plain, JSON.stringify(more))
  const own = { init: () => ({ n: 0 }), update: (u: object, { n }: { n: number }) => [u, { n: n + 1 }] }
  const mine = chain(own as never, sgd(0.1) as never)
  await last({}, mine)
  await t.rejects(last({ compiled: true }, mine), /fit: expected steps that run from a program/)
  await t.rejects(last({ compiled: 1 }), /fit: expected compiled as true, false or 'if possible', got 1/)
  for (const every of [0, 1.5, 'never'])
    await t.rejects(last({ every }), /fit: expected a state every 'epoch' or 'step', or a number of steps, got/)
})
