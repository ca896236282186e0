// An option that is given as undefined is an option that is not given.
import {
  adadelta,
  adafactor,
  adagrad,
  adam,
  adamw,
  avgPool2d,
  batchNorm,
  binaryCrossEntropy,
  conv2d,
  elastic,
  elu,
  epochs,
  examples,
  explain,
  fromNested,
  gradCheck,
  hardtanh,
  huber,
  type Initializer,
  init,
  initializer,
  initWith,
  key,
  l2,
  lamb,
  layerNorm,
  lbfgs,
  leakyRelu,
  leastSquares,
  linear,
  lion,
  lookahead,
  maxPool2d,
  minibatches,
  momentum,
  muon,
  nadam,
  op,
  predict,
  prelu,
  random,
  rmsprop,
  type StateFn,
  scaleByDeviation,
  schedule,
  scheduleFreeAdamw,
  sgd,
  show,
  smoothL1,
  softmaxCrossEntropy,
  softplus,
  start,
  type Transformation,
  toNested,
  trainStep,
  zeros,
} from 'pullback'
import t from 'tap'

const [net, k] = [linear(3, 2), key(1)]
const variables = init(net, k)
const [input, target] = [fromNested([[1, 2, 3]]), fromNested([[1, 0]])]
const image = random.normal(k, [1, 4, 4, 2])
/** The first three updates, and the state behind them. */
const updates = (transformation: unknown): unknown => {
  const by = transformation as Transformation<StateFn>
  let state = by.init(variables.params)
  const found = [1, 2, 3].map(() => {
    const [update, next] = by.update(variables.params, state, variables.params)
    state = next
    return show(update)
  })
  return [found, JSON.stringify(state)]
}
const rates = (rate: (step: number) => number): unknown => [0, 1, 2, 3, 5, 8, 13].map(rate)
const drawn = (draw: Initializer): unknown => toNested(draw(k, [4, 4], 'float32'))
const once = (options: Parameters<typeof trainStep>[3]): unknown =>
  trainStep(net, leastSquares, sgd(0.1), options as never)(start(net, sgd(0.1), k), { input, target })[1].loss
const square = (x: typeof input) => op.sum(op.mul(x, x))
const u = undefined

t.test('undefined means absent', async (t) => {
  const cases: { readonly [name: string]: readonly [given: unknown, absent: unknown] } = {
    linear: [Object.keys(linear(3, 2, { W: u, b: u }).params), ['W', 'b']],
    conv2d: [
      predict(
        conv2d(2, 2, { kernel: 3, stride: u, padding: u, dilation: u, groups: u, W: u, b: u }),
        init(conv2d(2, 2, { kernel: 3 }), k),
        image,
      ),
      predict(conv2d(2, 2, { kernel: 3 }), init(conv2d(2, 2, { kernel: 3 }), k), image),
    ],
    maxPool2d: [op.maxPool2d(image, 2, { stride: u, padding: u, dilation: u }), op.maxPool2d(image, 2)],
    maxPool2dLayer: [predict(maxPool2d(2, { stride: u }), init(maxPool2d(2), k), image), op.maxPool2d(image, 2)],
    avgPool2d: [op.avgPool2d(image, 2, { stride: u, countPadding: u }), op.avgPool2d(image, 2)],
    avgPool2dLayer: [predict(avgPool2d(2, { countPadding: u }), init(avgPool2d(2), k), image), op.avgPool2d(image, 2)],
    batchNorm: [
      predict(batchNorm(2, { epsilon: u, momentum: u, affine: u, scale: u, shift: u }), init(batchNorm(2), k), image),
      predict(batchNorm(2), init(batchNorm(2), k), image),
    ],
    layerNorm: [
      predict(layerNorm(3, { epsilon: u, affine: u }), init(layerNorm(3), k), input),
      predict(layerNorm(3), init(layerNorm(3), k), input),
    ],
    prelu: [init(prelu({ channels: u, a: u }), k), init(prelu(), k)],
    leakyRelu: [
      predict(leakyRelu({ slope: u }), init(leakyRelu(), k), input),
      predict(leakyRelu(), init(leakyRelu(), k), input),
    ],
    elu: [predict(elu({ alpha: u }), init(elu(), k), input), predict(elu(), init(elu(), k), input)],
    softplus: [
      predict(softplus({ beta: u }), init(softplus(), k), input),
      predict(softplus(), init(softplus(), k), input),
    ],
    hardtanh: [
      predict(hardtanh({ min: u, max: u }), init(hardtanh(), k), input),
      predict(hardtanh(), init(hardtanh(), k), input),
    ],
    init: [init(net, k, { dtype: u }), variables],
    initWith: [initWith(net, k, {}, { dtype: u }), variables],
    normal: [drawn(initializer.normal({ mean: u, deviation: u })), drawn(initializer.normal())],
    truncatedNormal: [drawn(initializer.truncatedNormal({ mean: u, within: u })), drawn(initializer.truncatedNormal())],
    varianceScaling: [
      drawn(initializer.varianceScaling({ gain: u, fan: u, distribution: u })),
      drawn(initializer.varianceScaling({})),
    ],
    orthogonal: [drawn(initializer.orthogonal({ gain: u })), drawn(initializer.orthogonal())],
    sparse: [drawn(initializer.sparse({ sparsity: 0.5, deviation: u })), drawn(initializer.sparse({ sparsity: 0.5 }))],
    gain: [initializer.gain('leakyRelu', { slope: u }), initializer.gain('leakyRelu')],
    huber: [huber.with({ delta: u })(target)(zeros([1, 2]))[0], huber(target)(zeros([1, 2]))[0]],
    smoothL1: [smoothL1.with({ beta: u })(target)(zeros([1, 2]))[0], smoothL1(target)(zeros([1, 2]))[0]],
    softmaxCrossEntropy: [
      softmaxCrossEntropy.with({ smoothing: u, weights: u, ignore: u })(fromNested([1], 'int32'))(target)[0],
      softmaxCrossEntropy(fromNested([1], 'int32'))(target)[0],
    ],
    binaryCrossEntropy: [
      binaryCrossEntropy.with({ positive: u })(target)(target)[0],
      binaryCrossEntropy(target)(target)[0],
    ],
    l2: [l2(0.1, { only: u })(variables.params), l2(0.1)(variables.params)],
    elastic: [elastic(0.1, { ratio: u, only: u })(variables.params), elastic(0.1)(variables.params)],
    sgd: [updates(sgd(0.1, u)), updates(sgd(0.1))],
    momentum: [updates(momentum(0.9, { nesterov: u })), updates(momentum(0.9))],
    rmsprop: [updates(rmsprop(u, { centered: u, momentum: u, decay: u, eps: u })), updates(rmsprop())],
    deviation: [updates(scaleByDeviation({ decay: u, eps: u })), updates(scaleByDeviation())],
    adagrad: [updates(adagrad(u, { initial: u, eps: u })), updates(adagrad())],
    adadelta: [updates(adadelta(u, { decay: u, eps: u })), updates(adadelta())],
    adam: [updates(adam(u, { b1: u, b2: u, eps: u })), updates(adam())],
    adamw: [updates(adamw(u, { weightDecay: u, where: u, b1: u })), updates(adamw())],
    nadam: [updates(nadam(u, { momentumDecay: u })), updates(nadam())],
    lion: [updates(lion(u, { b1: u, b2: u, weightDecay: u })), updates(lion())],
    lamb: [updates(lamb(u, { weightDecay: u, where: u, eps: u })), updates(lamb())],
    adafactor: [updates(adafactor(u, { clip: u, least: u, power: u, eps: u, weightDecay: u })), updates(adafactor())],
    muon: [updates(muon(u, { momentum: u, nesterov: u, steps: u, b1: u, weightDecay: u })), updates(muon())],
    scheduleFreeAdamw: [updates(scheduleFreeAdamw(u, { b1: u, b2: u, weightDecay: u })), updates(scheduleFreeAdamw())],
    lookahead: [updates(lookahead(adam(), { every: u, share: u })), updates(lookahead(adam()))],
    step: [rates(schedule.step(1, { every: 2, factor: u })), rates(schedule.step(1, { every: 2 }))],
    multiStep: [rates(schedule.multiStep(1, { at: [2, 3], factor: u })), rates(schedule.multiStep(1, { at: [2, 3] }))],
    polynomial: [
      rates(schedule.polynomial(1, { steps: 9, end: u, power: u })),
      rates(schedule.polynomial(1, { steps: 9 })),
    ],
    linearWarmup: [
      rates(schedule.linearWarmup(1, { steps: 9, from: u })),
      rates(schedule.linearWarmup(1, { steps: 9 })),
    ],
    cosine: [rates(schedule.cosine(1, { steps: 9, end: u })), rates(schedule.cosine(1, { steps: 9 }))],
    oneCycle: [
      rates(schedule.oneCycle(1, { steps: 9, warmup: u, startFactor: u, endFactor: u, anneal: u })),
      rates(schedule.oneCycle(1, { steps: 9 })),
    ],
    minibatches: [
      [...minibatches(2, { from: u })(examples({ input: zeros([5]) }))],
      [...minibatches(2)(examples({ input: zeros([5]) }))],
    ],
    epochs: [
      [...epochs({ size: 2, count: 1, key: u, from: u })(examples({ input: zeros([5]) }))],
      [...epochs({ size: 2, count: 1 })(examples({ input: zeros([5]) }))],
    ],
    uniform: [random.uniform(k, [3], { min: u, max: u, dtype: u }), random.uniform(k, [3])],
    truncated: [random.truncatedNormal(k, [3], { min: u, max: u, dtype: u }), random.truncatedNormal(k, [3])],
    start: [start(net, adam(), k, { dtype: u, variables: u }), start(net, adam(), k)],
    trainStep: [once({ guard: u, penalty: u, probe: u }), once(u)],
    explain: [
      show(explain(net, variables, input, { context: u, loss: u, target: u })),
      show(explain(net, variables, input)),
    ],
    gradCheck: [
      gradCheck(
        net,
        { ...variables, input, state: u },
        { tolerance: u, order: u, entries: u, directions: u, key: u, context: u },
      ),
      gradCheck(net, { ...variables, input }),
    ],
    lbfgs: [
      [...lbfgs(square, { history: u, steps: u, gradient: u, change: u, tries: u })(input)],
      [...lbfgs(square)(input)],
    ],
  }
  for (const [name, [given, absent]] of Object.entries(cases))
    t.equal(show(given as never), show(absent as never), name)
})
