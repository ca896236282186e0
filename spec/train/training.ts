import {
  adam,
  approxEqual,
  compose,
  epochs,
  eqTensor,
  examples,
  freeze,
  fromNested,
  item,
  key,
  l1,
  l2,
  leastSquares,
  linear,
  minibatches,
  named,
  op,
  predict,
  random,
  StructureError,
  scan,
  scanSync,
  sgd,
  shuffled,
  softmaxCrossEntropy,
  start,
  type Tensor,
  tanh,
  toArray,
  trainStep,
  zeros,
} from 'pullback'
import t from 'tap'
import { pipe } from '#fp/function'
import { sameTree } from '../law/diff.ts'

const net = compose(named('L1', linear(2, 8)), tanh, named('L2', linear(8, 2)))
const xor = {
  input: fromNested([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]),
  target: fromNested([0, 1, 1, 0], 'int32'),
}
const optimizer = adam(0.05)
const step = trainStep(net, softmaxCrossEntropy, optimizer)

t.test('learns', async (t) => {
  let trained = start(net, optimizer, key(1))
  let last = Number.POSITIVE_INFINITY
  for (const [at, { loss }] of scanSync(
    step,
    trained,
    Array.from({ length: 200 }, () => xor),
  )) {
    trained = at
    last = loss
  }
  t.ok(last < 0.01, `loss ${last}`)
  t.equal(trained.step, 200)
  const scores = predict(net, trained, xor.input)
  t.ok(toArray(scores).every(Number.isFinite))
})

t.test('a penalty', async (t) => {
  const decay = l2(0.5, { only: ['L1.W'] })
  const descend = sgd(0.1)
  const at = start(net, descend, key(1))
  const [plain, { loss }] = trainStep(net, softmaxCrossEntropy, descend)(at, xor)
  const [penalized, metrics] = trainStep(net, softmaxCrossEntropy, descend, { penalty: decay })(at, xor)
  t.ok(Math.abs(metrics.loss - loss - item(decay(at.params))) < 1e-6, 'is a part of the loss')
  t.ok(approxEqual(penalized.params.L1.W, op.addScaled(plain.params.L1.W, at.params.L1.W, -0.05), { absolute: 1e-7 }))
  t.ok(sameTree({ ...penalized.params.L1, W: [] }, { ...plain.params.L1, W: [] }), 'of the parameters named')
  t.ok(sameTree(penalized.params.L2, plain.params.L2))
  const unnamed = trainStep(net, softmaxCrossEntropy, descend, { penalty: l1(1, { only: ['L3'] }) })
  t.throws(() => unnamed(at, xor), /l1 at penalty: expected one of the names L1, L2, got 'L3' of 'L3'/)
  const many = trainStep(net, softmaxCrossEntropy, descend, {
    penalty: ((p: typeof at.params) => op.abs(p.L1.W)) as never,
  })
  t.throws(() => many(at, xor), /expected a function to a scalar, got \[8, 2\]/)
})

t.test('a step is pure', async (t) => {
  const at = start(net, optimizer, key(1))
  const before = toArray(at.params.L1.W)
  const [a, first] = step(at, xor)
  const [b, second] = step(at, xor)
  t.same(first.loss, second.loss)
  t.equal(first.step, 0)
  t.same(first.output.shape, [4, 2])
  t.ok(sameTree(a.params, b.params), 'the same twice')
  t.same(toArray(at.params.L1.W), before, 'and where it began is left alone')
  t.notSame(toArray(a.params.L1.W), before)
})

t.test('plain gradient descent, by hand', async (t) => {
  const layer = linear(1, 1)
  const variables = { params: { W: fromNested([[2]], 'float64'), b: fromNested([1], 'float64') }, state: {} }
  const descent = sgd(0.1)
  const at = start(layer, descent, key(0), { variables })
  const batch = { input: fromNested([[1], [3]], 'float64'), target: fromNested([[0], [0]], 'float64') }
  const [{ params }, { loss }] = trainStep(layer, leastSquares, descent)(at, batch)
  t.equal(loss, (9 + 49) / 2)
  // d/dz = 2 z / 2 = z: 3 and 7; dW = 3 · 1 + 7 · 3, db = 3 + 7
  t.same([toArray(params.W)[0], toArray(params.b)[0]], [2 - 0.1 * 24, 1 - 0.1 * 10])
})

t.test('a run can be cut anywhere: a Training holds all its state', async (t) => {
  const data = examples({
    input: random.normal(key(3), [10, 2]),
    target: fromNested([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 'int32'),
  })
  const batches = (from: number) => epochs({ count: 3, size: 4, key: key(5), from })(data)
  const whole = [...scanSync(step, start(net, optimizer, key(1)), batches(0))]
  const [half] = whole[3] as (typeof whole)[number]
  const copy = { ...half }
  const rest = [...scanSync(step, copy, batches(copy.step))]
  t.equal(whole.length, 9)
  t.equal(rest.length, 5)
  const ends = [whole, rest].map((run) => (run[run.length - 1] as (typeof whole)[number])[0])
  t.ok(sameTree(ends[0]?.params as never, ends[1]?.params as never), 'bit for bit')
})

t.test('scan', async (t) => {
  const add = (a: number, b: number) => [a + b, b] as const
  const generator = scan(
    add,
    10,
    (async function* () {
      yield 1
      yield 2
    })(),
  )
  const seen: number[] = []
  for (let r = await generator.next(); ; r = await generator.next()) {
    if (r.done) {
      t.equal(r.value, 13, 'returns the last state')
      break
    }
    seen.push(r.value[0])
  }
  t.same(seen, [11, 13])
  const sync = scanSync(add, 0, [])
  t.same(sync.next(), { value: 0, done: true }, 'of nothing, the start')
})

t.test('scan stops when told to', async (t) => {
  const control = new AbortController()
  const seen: number[] = []
  for await (const [a] of scan((a: number, b: number) => [a + b, b] as const, 0, [1, 1, 1, 1], {
    signal: control.signal,
  })) {
    seen.push(a)
    if (a === 2) control.abort()
  }
  t.same(seen, [1, 2])
})

t.test('an aborted scan does not wait for more data', async (t) => {
  const control = new AbortController()
  let closed = false
  const slow = async function* () {
    try {
      yield 1
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
      yield 2
    } finally {
      closed = true
    }
  }
  const seen: number[] = []
  setTimeout(() => control.abort(), 20)
  const iterator: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () =>
      Object.assign(slow(), { return: async () => ({ done: true as const, value: undefined }) }),
  }
  for await (const [a] of scan((x: number, y: number) => [x + y, y] as const, 0, iterator, { signal: control.signal }))
    seen.push(a)
  t.same(seen, [1])
  t.notOk(closed, 'this source never got so far')
  let pulled = 0
  const counting = {
    *[Symbol.iterator]() {
      for (;;) yield ++pulled
    },
  }
  const early = new AbortController()
  for await (const _ of scan((x: number, y: number) => [x + y, y] as const, 0, counting, { signal: early.signal }))
    early.abort()
  t.equal(pulled, 1, 'no item is pulled and lost')
})

t.test('bad input', async (t) => {
  const at = start(net, optimizer, key(1))
  t.throws(
    () => step(at, { input: zeros([4, 3]) as never, target: xor.target }),
    /linear at L1: expected \[batch, 2\], got \[4, 3\]/,
  )
  t.throws(() => step({ ...at, params: { L1: at.params.L1 } as never }, xor), StructureError)
  t.throws(
    () => step(at, { input: zeros([0, 2]), target: fromNested([], 'int32') as never }),
    /softmaxCrossEntropy: expected at least one example/,
  )
  t.throws(() => start(net, optimizer, key(1), { variables: { params: {} as never, state: {} } }), StructureError)
  const elsewhere = start(linear(2, 2), optimizer, key(1))
  const smaller = compose(named('L1', linear(2, 4)), tanh, named('L2', linear(4, 2)))
  t.throws(
    () => step({ ...at, optimizer: start(smaller, optimizer, key(1)).optimizer as never }, xor),
    /adam at optimizer.L1.W: expected two tensors of one shape/,
  )
  t.throws(() => step({ ...at, optimizer: start(net, sgd(1), key(1)).optimizer as never }, xor), StructureError)
  t.throws(
    () => step(at, { input: xor.input } as never),
    /trainStep: expected a minibatch \{ input, target \}, got none with the name target/,
  )
  t.throws(
    () => trainStep(net, softmaxCrossEntropy.none as never, optimizer)(at, xor as never),
    /trainStep: expected a loss of one number, got \[4\]; take its mean or its sum/,
  )
  t.throws(
    () => trainStep(net, (() => () => 3) as never, optimizer)(at, xor as never),
    /a loss that gives its value and its pullback, got 3/,
  )
  t.throws(
    () => step({ ...at, optimizer: elsewhere.optimizer as never }, xor),
    StructureError,
    "another network's optimizer state",
  )
})

t.test('the same seed gives the same run', async (t) => {
  const data = examples({
    input: random.normal(key(3), [10, 2]),
    target: fromNested([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 'int32'),
  })
  const run = () => {
    const batches = pipe(data, shuffled(key(2)), minibatches(3))
    return [...scanSync(step, start(net, optimizer, key(1)), batches)].map(([, { loss }]) => loss)
  }
  t.same(run(), run())
  t.ok(
    eqTensor.equals(
      start(net, optimizer, key(1)).params.L1.W as Tensor,
      start(net, optimizer, key(1)).params.L1.W as Tensor,
    ),
  )
})

t.test('mistakes that types would reject say what to do', async (t) => {
  const at = start(net, optimizer, key(1))
  const slips: readonly (readonly [make: () => unknown, message: RegExp])[] = [
    [
      () => trainStep(net, softmaxCrossEntropy(xor.target) as never, optimizer),
      /^trainStep: expected a loss, got one that has its target already; give the loss itself, as softmaxCrossEntropy, and not/,
    ],
    [() => trainStep(net, leastSquares(zeros([2])) as never, optimizer), /got one that has its target already/],
    [() => trainStep(net, leastSquares.sum(zeros([2])) as never, optimizer), /got one that has its target already/],
    [() => trainStep(net, undefined as never, optimizer), /^trainStep: expected a loss, got undefined/],
    [
      () => trainStep(net, (() => [1, 2]) as never, optimizer)(at, xor as never),
      /^trainStep: expected a loss that gives a function of the output, got an array; give the loss itself, and not/,
    ],
    [
      () => trainStep(net, softmaxCrossEntropy, adam as never),
      /^trainStep: expected an optimizer .*, got a function; call it: adam is a function, adam\(1e-3\) an optimizer \[wrong-argument\]$/,
    ],
    [() => start(net, adam as never, key(0)), /^start: expected an optimizer .*, got a function; call it/],
    [
      () => start(net, key(0) as never, key(0)),
      /^start: expected an optimizer .*, got an array; adam\(1e-3\) makes one/,
    ],
    [
      () => start(net, optimizer, key(0), { type: 'float64' } as never),
      /^start: expected options among dtype, variables, got 'type' \[unknown-option\]$/,
    ],
    [
      () => trainStep(net, softmaxCrossEntropy, optimizer, { penality: l2(1) } as never),
      /^trainStep: expected options among guard, penalty, probe, comm, exact, compress, got 'penality' \[unknown-option\]$/,
    ],
    [
      () => trainStep(net, softmaxCrossEntropy, optimizer, { penalty: 1e-4 as never }),
      /^trainStep: expected a penalty, a function of the parameters, got 0.0001; l2\(1e-4\) is one \[wrong-argument\]$/,
    ],
    [
      () => trainStep(net, softmaxCrossEntropy, optimizer, { guard: 'all' as never }),
      /^trainStep: expected a guard of loss, updates, none, got 'all' \[unknown-choice\]$/,
    ],
    [
      () => step([at, {}] as never, xor),
      /^trainStep: expected a run { step, .* got an array; a step returns \[run, metrics\]: continue with the first \[wrong-argument\]$/,
    ],
    [
      () => step(undefined as never, xor),
      /^trainStep: expected a run .* got undefined; start\(.* makes the first one \[wrong-argument\]$/,
    ],
    [() => step({ params: at.params, state: at.state } as never, xor), /got the names params, state; start\(/],
    [
      () => step(at, undefined as never),
      /^trainStep: expected a minibatch { input, target }, got undefined \[wrong-argument\]$/,
    ],
  ]
  for (const [make, message] of slips) t.throws(make, { name: /StructureError|ValueError/, message })
})

t.test('a layer without parameters has nothing to learn', async (t) => {
  t.throws(() => trainStep(tanh, leastSquares, sgd(1)), {
    name: StructureError.name,
    message:
      'trainStep: expected a layer with parameters to learn, got tanh without any; thaw makes frozen parameters trainable again',
  })
  t.throws(() => trainStep(freeze(linear(2, 2), 'W', 'b'), leastSquares, sgd(1)), /with parameters to learn/)
})
