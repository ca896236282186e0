import {
  type AnyLayer,
  checkpointed,
  columns,
  compose,
  contramap,
  count,
  define,
  each,
  eqTensor,
  evaluated,
  fanout,
  flatten,
  freeze,
  fromNested,
  gradCheck,
  identity,
  init,
  inParts,
  input,
  join,
  key,
  linear,
  named,
  op,
  predict,
  random,
  relu,
  repeat,
  reshape,
  residual,
  ShapeError,
  StructureError,
  show,
  sigmoid,
  split,
  stack,
  summary,
  type Tensor,
  tanh,
  tie,
  toNested,
  ValueError,
} from 'pullback'
import t from 'tap'
import { sameTree } from '../law/diff.ts'
import { caseOf, cotangents, lawsOfLayer, training } from '../law/layer.ts'
import { counter } from '../support/counter.ts'
import { noise } from '../support/noise.ts'

const gate = compose(
  fanout({ value: compose(linear(5, 4), tanh), gate: linear(5, 4) }),
  join.product,
  named('out', linear(4, 2)),
)
const graph = define(
  [5],
  { L1: linear(5, 4), L2: linear(5, 4), top: compose(linear(4, 3), tanh) },
  (x, { L1, L2, top }) => {
    const h = op.tanh(L1(x))
    return top(op.mul(op.add(h, L2(x)), h))
  },
)
const shared = define([4], { F: linear(4, 4) }, (x, { F }) => F(op.tanh(F(x))))

t.test('the laws of layers', async (t) => {
  lawsOfLayer(t, 'fanout and product', gate as AnyLayer)
  lawsOfLayer(t, 'skip', compose(fanout({ a: identity, b: linear(4, 4), c: tanh }), join.sum) as AnyLayer, [4])
  lawsOfLayer(
    t,
    'concat',
    compose(fanout({ b: linear(3, 2), a: identity }), join.concat, named('z', linear(5, 1))) as AnyLayer,
  )
  lawsOfLayer(
    t,
    'split',
    compose(input([5]), split({ m: 2, s: 3 }), each({ m: identity, s: linear(3, 2) }), join.product) as AnyLayer,
  )
  lawsOfLayer(t, 'residual', residual(compose(linear(6, 6), tanh)) as AnyLayer)
  lawsOfLayer(t, 'repeat', repeat(3, residual(compose(linear(3, 3), tanh))) as AnyLayer)
  lawsOfLayer(t, 'reshape', compose(input([6]), reshape([2, 3, 1]), flatten, linear(6, 2)) as AnyLayer)
  lawsOfLayer(t, 'define', graph as AnyLayer)
  lawsOfLayer(t, 'shared', shared as AnyLayer)
  lawsOfLayer(t, 'contramap', contramap([3, 2], (x) => op.reshape(x, [-1, 6]) as never, linear(6, 2)) as AnyLayer)
})

t.test('a product survives zeros', async (t) => {
  const layer = compose(fanout({ a: identity, b: identity, c: identity }), join.product)
  const { value, pullback } = layer.apply({}, {}, { mode: 'eval' }, fromNested([[0, 2]], 'float64') as Tensor)
  t.same(toNested(value as Tensor), [[0, 8]])
  t.same(toNested(pullback(fromNested([[1, 1]], 'float64') as never).input() as Tensor), [[0, 12]])
  const { pullback: back } = join.product.apply({}, {}, { mode: 'eval' }, {
    a: fromNested([[0, 0]]),
    b: fromNested([[3, 0]]),
    c: fromNested([[5, 7]]),
  } as never)
  const d = back(fromNested([[1, 1]])).input() as unknown as { readonly a: Tensor; readonly b: Tensor }
  t.same(toNested(d.a), [[15, 0]])
  t.same(toNested(d.b), [[0, 0]])
})

t.test('records as ports', async (t) => {
  const net = define(
    { image: [4], shift: [2] },
    { see: linear(4, 2), draw: linear(2, 4) },
    ({ image, shift }, { see, draw }) => ({
      picture: draw(op.add(see(image), shift)),
      place: see(image),
    }),
  )
  const at = {
    ...init(net, key(0), { dtype: 'float64' }),
    input: { image: random.normal(key(1), [3, 4], 'float64'), shift: random.normal(key(2), [3, 2], 'float64') },
  }
  const report = gradCheck(net, at)
  t.ok(report.pass, show(report))
  t.throws(() => predict(net, at, { image: at.input.image } as never), {
    message: /expected an input with the names image, shift, got the names image/,
  })
  t.throws(() => predict(net, at, { ...at.input, more: at.input.image } as never), StructureError)
  t.throws(
    () => predict(net, at, { ...at.input, shift: at.input.image } as never),
    /at shift: expected \[batch, 2\], got \[3, 4\]/,
  )
})

t.test('state goes from call to call', async (t) => {
  const net = define([2], { c: counter, L: linear(2, 2) }, (x, { c, L }) => c(L(c(c(x)))))
  const { params, state } = init(net, key(0))
  const step = net.apply(params, state, { mode: 'train', key: key(1) }, fromNested([[1, 2]]))
  t.same(toNested(step.state.c.count), 3)
  t.same(toNested(net.apply(params, step.state, { mode: 'eval' }, fromNested([[1, 2]])).state.c.count), 3)
  const side = compose(fanout({ a: counter, b: compose(named('x', counter), named('y', counter)) }), join.sum)
  const after = side.apply({}, init(side, key(0)).state, { mode: 'train', key: key(1) }, fromNested([[1, 2]])).state
  t.same([after.a.count, after.b.x.count, after.b.y.count].map(toNested), [1, 1, 1])
  const tower = repeat(2, counter)
  const { state: counted } = tower.apply(
    {},
    init(tower, key(0)).state,
    { mode: 'train', key: key(1) },
    fromNested([[1]]),
  )
  t.same([counted[0].count, counted[1].count].map(toNested), [1, 1])
})

t.test('each call has a key of its own, the first that of the name', async (t) => {
  const x = fromNested([[0, 0]], 'float64')
  const run = (layer: AnyLayer): Tensor => layer.apply({}, {}, training, x).value as Tensor
  const once = run(define([2], { n: noise }, (x, { n }) => n(x)) as AnyLayer)
  const second = run(define([2], { n: noise }, (x, { n }) => op.sub(n(n(x)), n(x))) as AnyLayer)
  t.ok(eqTensor.equals(once, run(named('n', noise) as AnyLayer)), 'as under the name alone')
  t.notOk(eqTensor.equals(once, second))
})

t.test('depth', async (t) => {
  const block = compose(linear(3, 3), tanh)
  t.same(
    Object.keys(repeat(12, block).params),
    Array.from({ length: 12 }, (_, i) => `${i}`),
  )
  t.equal(count(repeat(0, block)), 0)
  const tower = stack([block, block])
  t.ok(sameTree(init(tower, key(0)).params, init(repeat(2, block), key(0)).params))
  t.throws(() => repeat(-1, block), ValueError)
  t.throws(() => repeat(1.5, block), /expected a whole number of times, got 1.5/)
})

t.test('the lecture’s layout', async (t) => {
  const net = compose(named('L1', linear(4, 3)), tanh, named('L2', linear(3, 2)))
  const across = columns(net)
  const { params, state, x } = caseOf(net as AnyLayer, 5)
  const dy = random.normal(key(3), [2, 5], 'float64')
  const rows = cotangents(net as AnyLayer, params, state, x, op.transpose(dy) as Tensor)
  const step = across.apply(params as never, {}, training, op.transpose(x) as never)
  t.ok(eqTensor.equals(step.value, op.transpose(net.apply(params as never, {}, training, x as never).value) as Tensor))
  const found = step.pullback(dy as never)
  t.ok(sameTree(found.params(), rows.params))
  t.ok(eqTensor.equals(found.input(), op.transpose(rows.input as Tensor) as Tensor))
  t.throws(() => predict(across, init(across, key(0)), x as never), /expected \[4, batch\], got \[5, 4\]/)
  t.same(summary(across), summary(net))
  t.throws(() => columns(relu as never), /columns: expected a layer that takes one tensor of known rank, got relu/)
  t.same(Object.keys(compose(named('a', columns(linear(2, 3))), named('b', columns(linear(3, 1)))).params), ['a', 'b'])
})

t.test('split and concat are inverse', async (t) => {
  const x = random.normal(key(0), [3, 2, 6], 'float64') as Tensor
  const there = split({ b: 1, a: 2, c: 3 }).apply({}, {}, training, x)
  const back = join.concat.apply({}, {}, training, there.value as never)
  t.ok(eqTensor.equals(back.value as Tensor, x))
  t.same(there.value.a.shape, [3, 2, 2])
  t.ok(eqTensor.equals(there.pullback(back.pullback(x as never).input() as never).input() as Tensor, x))
  t.throws(() => split({ a: 2 }).apply({}, {}, training, x), /expected a last size of 2, got \[3, 2, 6\]/)
  t.throws(() => split({ a: -1 }), ValueError)
  t.throws(() => split({}), StructureError)
})

t.test('graphs that do not fit', async (t) => {
  const n = Number('4')
  const wide = define([2], { L: linear(2, 2) }, (x, { L }) => L(op.transpose(x) as never))
  t.throws(() => fanout({}), /expected a record of layers/)
  t.throws(
    () => fanout({ a: linear(n, 1), b: linear(n + 1, 1) }),
    /branches that take one input, got a: \[4\], b: \[5\]/,
  )
  t.throws(() => init(residual(linear(n, n + 1)), key(0)), ShapeError)
  t.throws(
    () => init(compose(fanout({ a: linear(3, n), b: linear(3, 2) }), join.sum), key(0)),
    /add: expected two tensors of one shape/,
  )
  t.throws(() => init(compose(fanout({ a: linear(3, n), b: linear(3, 2) }), join.product), key(0)), ShapeError)
  t.throws(
    () => predict(join.sum, init(join.sum, key(0)), fromNested([[1]]) as never),
    /sum: expected a record of tensors, got/,
  )
  t.throws(
    () => init(define([2], { L: linear(2, 2) }, (() => 3) as never), key(0)),
    /define.*expected a tensor, or a record/,
  )
  t.throws(
    () =>
      predict(
        wide,
        init(wide, key(0)),
        fromNested([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
    /linear at L: expected \[batch, 2\], got \[2, 0\]/,
  )
  t.throws(
    () =>
      init(
        define([2], { L: linear(2, 2) }, (x) => fromNested(toNested(x))),
        key(0),
      ),
    /reads the data|traced/i,
  )
  t.throws(() => compose(reshape([2, -3]) as never), ShapeError)
})

t.test('what a graph is made of', async (t) => {
  const net = compose(
    named('g', gate),
    named(
      'd',
      define([2], { F: linear(2, 2), relu, sigmoid }, (x, { F, relu, sigmoid }) => sigmoid(F(relu(F(x))))),
    ),
    named('r', residual(linear(2, 2))),
  )
  t.equal(
    summary(net),
    `name       layer    output  parameters
─────────  ───────  ──────  ──────────
g.value    linear   [4]             24
g.value    tanh     [4]              0
g.gate     linear   [4]             24
g          product  [4]              0
g.out      linear   [2]             10
d.F        linear   [2]              6
d.relu     relu     [2]              0
d.sigmoid  sigmoid  [2]              0
r          linear   [2]              6
total                               70`,
  )
})

t.test('what is built of other parts stays what it is', async (t) => {
  const [a, b] = [linear(2, 2), linear(2, 2)]
  const layers: readonly AnyLayer[] = [
    checkpointed(a),
    columns(a),
    compose(named('a', a), named('b', b)),
    contramap([2], (x) => op.tanh(x), a),
    define([2], { a, b }, (x, layers) => layers.b(layers.a(x))),
    each({ a, b }),
    evaluated(a),
    fanout({ a, b }),
    freeze(a, 'W'),
    inParts(1, a),
    named('a', a),
    residual(a),
    tie(compose(named('a', a), named('b', b)), 'a.W', 'b.W'),
  ]
  for (const { kind, structure, params, state } of layers) {
    const { tag, parts, rebuild } = structure as NonNullable<AnyLayer['structure']>
    const made = rebuild(parts.map((part) => part.layer))
    t.equal(made.structure?.tag, tag, `${kind}, ${tag}`)
    t.same([Object.keys(made.params), Object.keys(made.state)], [Object.keys(params), Object.keys(state)])
  }
})
