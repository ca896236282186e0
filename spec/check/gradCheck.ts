import {
  batchNorm,
  compose,
  customVjp,
  type Diff,
  elementwise,
  fromNested,
  gradCheck,
  init,
  key,
  leastSquares,
  linear,
  logSoftmax,
  multiclassHinge,
  named,
  op,
  type Params,
  random,
  relu,
  type Scalar,
  StructureError,
  shaped,
  show,
  softmaxCrossEntropy,
  type Tensor,
  tanh,
  ValueError,
  zeros,
} from 'pullback'
import t from 'tap'

const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
const net = compose(named('L1', linear(3, 4)), tanh, named('L2', linear(4, 2)))
const { params } = init(net, key(0))
const input = random.normal(key(1), [5, 3])

t.test('a layer', async (t) => {
  const report = gradCheck(net, { params, input })
  t.ok(report.pass, show(report))
  t.same(
    report.checked.map(({ path, order, by, compared }) => [path, order, by, compared]),
    [1, 2].flatMap((order) => [
      ['input', order, 'entries', 15],
      ['params.L1.W', order, 'entries', 12],
      ['params.L1.b', order, 'entries', 4],
      ['params.L2.W', order, 'entries', 8],
      ['params.L2.b', order, 'entries', 2],
    ]),
  )
  t.ok(report.checked.every(({ worst }) => worst < 1e-6))
})

t.test('large tensors along random directions', async (t) => {
  const { checked, pass } = gradCheck(net, { params, input }, { entries: 10, directions: 5, order: 1 })
  t.ok(pass)
  t.match(checked[1], { path: 'params.L1.W', by: 'directions', compared: 5 })
  t.match(checked[4], { path: 'params.L2.b', by: 'entries', compared: 2 })
})

t.test('tensors at and just above the limit for comparing entry by entry', async (t) => {
  const rows = (n: number, options = {}) => {
    const { checked, pass } = gradCheck((x: Tensor) => op.exp(x), normal(1, n), { order: 1, ...options })
    return { ...checked[0], passed: pass }
  }
  t.match(rows(256), { by: 'entries', compared: 256, passed: true })
  t.match(rows(257), { by: 'directions', compared: 16, passed: true })
  t.match(rows(7, { entries: 7 }), { by: 'entries', compared: 7, passed: true })
  t.match(rows(8, { entries: 7, directions: 3 }), { by: 'directions', compared: 3, passed: true })
})

t.test('a pullback is linear in its cotangent', async (t) => {
  const sumOfSquares = (x: Tensor): Scalar => op.sum(op.mul(x, x)) as Scalar
  const ignoring = customVjp(sumOfSquares, (_, x) => () => op.scale(x, 2))
  const report = gradCheck(ignoring, normal(1, 3))
  t.notOk(report.pass)
  t.match(report.checked[0], { linear: false, pass: false, order: 1 })
  t.match(show(report), /3 entries, the pullback is not linear in its cotangent/)
  const heeding = customVjp(sumOfSquares, (_, x) => (d) => op.mul(op.broadcast(d, x.shape) as Tensor, op.scale(x, 2)))
  t.match(gradCheck(heeding, normal(1, 3)), { pass: true, checked: [{ linear: true }, { linear: true }] })
})

t.test('a function that gives another value each time is rejected', async (t) => {
  let calls = 0
  const report = gradCheck((x: Tensor) => op.shift(x, ++calls), normal(1, 3))
  t.notOk(report.pass)
  t.match(show(report), /the function gives another value at the same argument/)
})

t.test('so is a function with one part that changes each time', async (t) => {
  let calls = 0
  const drifting = (x: Tensor) => ({ a: op.exp(x), b: op.shift(x, 2 ** -40 * calls++) })
  t.match(gradCheck(drifting, normal(1, 2), { order: 1 }), { pass: false, notes: [/another value at the same/] })
})

t.test('several kinks at the point itself, along directions', async (t) => {
  const x = op.relu(normal(1, 65))
  const report = gradCheck((v: Tensor) => op.relu(v), x, { entries: 64 })
  t.ok(report.pass, show(report))
  t.match(report.checked[0], { by: 'directions', kinks: 16 })
  const leaky: Diff<Tensor, Tensor> = (v) => [op.relu(v), (d) => op.scale(d, 0.5)]
  t.notOk(gradCheck(leaky, x, { order: 1, entries: 64 }).pass)
  const two = compose(named('L1', linear(3, 8)), relu, named('L2', linear(8, 1)))
  const at = { params: init(two, key(0)).params, input: zeros([2, 3]) as Tensor<readonly [2, 3]> }
  t.ok(gradCheck(two, at).pass, 'all units of a layer at their kinks')
})

t.test('a kink beside the point, at order 2', async (t) => {
  const report = gradCheck(relu, { params: {}, input: fromNested([[3e-5, -4e-5, 1e-9, 0]], 'float64') })
  t.ok(report.pass, show(report))
})

t.test('saturation', async (t) => {
  for (const x of [-100, -20, 36.5, 100]) {
    for (const f of [op.sigmoid, op.tanh, op.gelu]) {
      const report = gradCheck((v: Tensor) => f(v), fromNested([x, 0.3], 'float64') as Tensor)
      t.ok(report.pass, `${x}: ${show(report)}`)
    }
    const scores = fromNested([[x, 0, -x]], 'float64') as Tensor
    t.ok(gradCheck((v: Tensor) => op.softmax(v) as Tensor, scores).pass, `softmax, ${x}`)
    t.ok(gradCheck((z: Tensor) => softmaxCrossEntropy(fromNested([0], 'int32'))(z as never)[0], scores).pass, `${x}`)
  }
  const twice = customVjp(
    op.sigmoid,
    (_, x) => (d) => op.scale(op.mul(d, op.mul(op.sigmoid(x), op.sigmoid(op.neg(x)))), 2),
  )
  t.notOk(gradCheck(twice, fromNested([-40, -100], 'float64') as Tensor).pass, 'a small slope that is wrong')
})

t.test('beside a pole', async (t) => {
  const at = fromNested([1e-6, 2e-9, 1e-12, 3], 'float64') as Tensor
  const inverse = (x: Tensor) => op.div(op.shift(op.scale(x, 0), 1), x)
  for (const f of [op.log, op.sqrt, inverse]) t.ok(gradCheck((x: Tensor) => f(x), at).pass)
  const wrong: Diff<Tensor, Tensor> = (x) => [op.log(x), (d) => op.scale(op.div(d, x), 1.0001)]
  for (const x of [1e-6, 2e-9, 1e-12]) t.notOk(gradCheck(wrong, fromNested([x], 'float64') as Tensor).pass, `${x}`)
})

t.test('losses, in float64 whatever they are given', async (t) => {
  const z = random.normal(key(2), [4, 3])
  const labels = fromNested([0, 2, 1, 1], 'int32')
  for (const loss of [softmaxCrossEntropy, multiclassHinge]) t.ok(gradCheck(loss, { output: z, target: labels }).pass)
  t.ok(gradCheck(leastSquares, { output: z, target: random.normal(key(3), [4, 3]) }).pass)
  const product = ({ output, target }: { readonly output: Tensor; readonly target: Tensor }) => op.mul(output, target)
  t.ok(gradCheck(product, { output: z, target: normal(4, 4, 3) }).pass, 'a record of these names is no loss')
})

t.test('layers with state, in float64 whatever it is in', async (t) => {
  const layer = batchNorm(3)
  const { params, state } = init(layer, key(0))
  for (const context of [{ mode: 'train', key: key(0) }, { mode: 'eval' }] as const)
    for (const at of [
      { params, input },
      { params, input, state },
    ])
      t.ok(gradCheck(layer, at, { context, order: 1 }).pass, context.mode)
})

t.test('plain functions and Diffs', async (t) => {
  const f = ({ a, b }: { readonly a: Tensor; readonly b: Tensor }) => op.sum(op.mul(op.exp(a), b)) as Scalar
  t.ok(gradCheck(f, { a: normal(1, 2), b: normal(2, 2) }).pass)
  const square: Diff<Tensor, Tensor> = (x) => [op.mul(x, x), (d) => op.scale(op.mul(d, x), 2)]
  t.ok(gradCheck(square, normal(1, 3)).pass)
})

/** Pullbacks of tanh that are wrong, one way each. */
const wrong: readonly (readonly [string, (x: Tensor, y: Tensor, d: Tensor) => Tensor])[] = [
  ['a factor', (_, y, d) => op.scale(op.mul(d, op.shift(op.neg(op.mul(y, y)), 1)), 1.0001)],
  ['no derivative at all', (x) => op.scale(x, 0)],
  ['the cotangent left out', (_, y) => op.shift(op.neg(op.mul(y, y)), 1)],
  ['a sign', (_, y, d) => op.mul(d, op.shift(op.mul(y, y), -1))],
  ['the argument for the value', (x, _, d) => op.mul(d, op.shift(op.neg(op.mul(x, x)), 1))],
  [
    'one entry',
    (_, y, d) => op.mul(op.mul(d, op.shift(op.neg(op.mul(y, y)), 1)), fromNested([1, 1, 0, 1], 'float64') as Tensor),
  ],
  ['NaN', (x) => op.div(op.scale(x, 0), op.scale(x, 0))],
]
t.test('wrong gradients fail', async (t) => {
  const x = normal(5, 4)
  for (const [name, back] of wrong) {
    const diff: Diff<Tensor, Tensor> = (a) => {
      const y = op.tanh(a)
      return [y, (d) => back(a, y, d)]
    }
    const report = gradCheck(diff, x)
    t.notOk(report.pass, name)
    t.match(show(report), /FAIL/)
  }
  const swapped = elementwise(
    (v) => v * v * v,
    (v) => 3 * v,
  )
  t.notOk(gradCheck(swapped, { params: {}, input: normal(1, 2, 3) }).pass, "a user's wrong derivative")
})

t.test('an unsummed bias gradient, the exercise of the lecture', async (t) => {
  const unsummed: Diff<{ x: Tensor; b: Tensor }, Tensor> = ({ x, b }) => [
    op.add(x, op.broadcast(b, x.shape) as Tensor),
    (d) => ({ x: d, b: op.slice(d, [0]) as Tensor }),
  ]
  const { pass, checked } = gradCheck(unsummed, { x: normal(1, 4, 3), b: normal(2, 3) }, { order: 1 })
  t.notOk(pass)
  t.same(
    checked.map(({ path, pass }) => [path, pass]),
    [
      ['b', false],
      ['x', true],
    ],
    'the report says which',
  )
})

t.test('only the second derivative is wrong', async (t) => {
  const cubic = elementwise(
    (v) => v ** 3,
    (v) => 3 * v * v,
    (v) => 5 * v,
  )
  const { checked } = gradCheck(cubic, { params: {}, input: normal(1, 1, 3) })
  t.same(
    checked.map(({ order, pass }) => [order, pass]),
    [
      [1, true],
      [2, false],
    ],
  )
})

t.test('no second derivative is a note, not a failure', async (t) => {
  const cubic = elementwise(
    (v) => v ** 3,
    (v) => 3 * v * v,
  )
  const report = gradCheck(cubic, { params: {}, input: normal(1, 1, 3) })
  t.ok(report.pass)
  t.match(report.notes, [
    /no derivative of order 2: elementwise at .*: expected a derivative of order 2, got 1; give the further derivatives/,
  ])
  t.match(show(report), /no derivative of order 2/)
})

t.test('kinks within the step', async (t) => {
  const report = gradCheck(relu, { params: {}, input: fromNested([[0, 1e-6, -1e-6, 1, -1]], 'float64') }, { order: 1 })
  t.ok(report.pass, show(report))
  t.equal(report.checked[0]?.kinks, 3)
  t.match(show(report), /5 entries, a kink within the step of 3/)
  const leaky: Diff<Tensor, Tensor> = (x) => [op.relu(x), (d) => op.scale(d, 0.5)]
  t.notOk(gradCheck(leaky, fromNested([1, -1, 1e-6], 'float64')).pass, 'a kink is no excuse')
})

t.test("the lecture's network, whose right gradient the lecture's own check fails", async (t) => {
  const uniform = (seed: number, ...shape: number[]): Tensor => random.uniform(key(seed), shape, { dtype: 'float64' })
  const two = compose(named('L1', linear(200, 300)), relu, named('L2', linear(300, 1)))
  const weights = {
    L1: { W: uniform(1, 300, 200), b: uniform(2, 300) },
    L2: { W: uniform(3, 1, 300), b: uniform(4, 1) },
  } as unknown as Params<typeof two>
  const x = uniform(5, 1, 200) as Tensor<readonly [number, 200]>
  const y = op.scale(uniform(6, 1, 1), 10) as Tensor<readonly [number, 1]>
  const loss = (p: typeof weights): Scalar => leastSquares(y)(two.apply(p, {}, { mode: 'eval' }, x).value)[0]
  const report = gradCheck(loss, weights, { order: 1, entries: 400, directions: 8 })
  t.ok(report.pass, show(report))
})

t.test('the cotangents of a pullback are checked', async (t) => {
  const long: Diff<Tensor, Tensor> = (x) => [x, (d) => op.concat([d, d]) as Tensor]
  t.throws(() => gradCheck(long, normal(1, 2)), /gradCheck: expected a cotangent \[2\], as the value, got \[4\]/)
  const missing = (({ a, b }: { a: Tensor; b: Tensor }) => [
    op.add(a, b),
    (d: Tensor) => ({ a: d }),
  ]) as unknown as Diff<{ a: Tensor; b: Tensor }, Tensor>
  t.throws(() => gradCheck(missing, { a: normal(1, 2), b: normal(2, 2) }), StructureError)
  const infinite: Diff<Tensor, Tensor> = (x) => [op.mul(x, x), (d) => op.scale(d, Number.POSITIVE_INFINITY)]
  t.notOk(gradCheck(infinite, normal(1, 2), { order: 1 }).pass)
  const broken: Diff<Tensor, Tensor> = (x) => [
    op.exp(x),
    (d) => (x.shape.length === 1 && Object.hasOwn(x, 'data') ? op.mul(d, op.exp(x)) : op.add(d, zeros([9], 'float64'))),
  ]
  t.throws(
    () => gradCheck(broken, normal(1, 2)),
    /needs|expected two tensors of one shape/,
    'a mistake that shows at order 2 is no missing derivative',
  )
})

t.test('the report uses the dotted names of tensors', async (t) => {
  const two = compose(named('enc', linear(2, 3)), tanh, named('enc-2', linear(3, 1)))
  const { checked } = gradCheck(
    two,
    { params: init(two, key(0)).params, input: shaped(normal(1, 2, 2), [-1, 2]) },
    { order: 1 },
  )
  t.same(
    checked.map(({ path, shape }) => [path, shape]),
    [
      ['input', [2, 2]],
      ['params.enc.W', [3, 2]],
      ['params.enc.b', [3]],
      ['params.enc-2.W', [1, 3]],
      ['params.enc-2.b', [1]],
    ],
  )
  const list = Array.from({ length: 11 }, (_, i) => normal(i, (i % 3) + 1))
  t.same(
    gradCheck((l: readonly Tensor[]) => l.map((x) => op.exp(x)), list, { order: 1 }).checked.map(({ path, shape }) => [
      path,
      shape,
    ]),
    list.map(({ shape }, i) => [`${i}`, shape]),
  )
})

t.test('large numbers in networks', async (t) => {
  for (let seed = 0; seed < 12; seed++) {
    const wide = compose(named('L1', linear(3, 4)), relu, named('L2', linear(4, 3)), logSoftmax)
    const x = op.scale(random.normal(key(seed), [3, 3], 'float64'), 10 ** (seed % 4))
    const report = gradCheck(wide, { params: init(wide, key(seed)).params, input: x })
    t.ok(report.pass, show(report))
  }
})

t.test('options', async (t) => {
  const f = (x: Tensor) => op.exp(x)
  for (const options of [{ directions: 0 }, { entries: -1 }, { tolerance: 0 }, { order: 3 as never }, { entries: 0.5 }])
    t.throws(() => gradCheck(f, normal(1, 2), options), ValueError)
})

t.test('bad input', async (t) => {
  t.throws(() => gradCheck(net, { params: { L1: params.L1 } as never, input }), StructureError)
  t.throws(
    () => gradCheck((x: Tensor) => op.add(x, zeros([2])), normal(1, 2)),
    /float64 and float32/,
    'what a function closed over',
  )
  t.ok(gradCheck((x: Tensor) => x, zeros([0, 3])).pass, 'nothing to check')
})
