import {
  compose,
  define,
  elementwise,
  explain,
  fanout,
  firstBadGradient,
  firstNotFinite,
  fromArray,
  fromNested,
  type Graph,
  grad,
  init,
  input,
  join,
  key,
  linear,
  named,
  ones,
  op,
  predict,
  random,
  relu,
  repeat,
  residual,
  show,
  softmaxCrossEntropy,
  type Tensor,
  tanh,
  toArray,
  toDot,
  toMermaid,
  tree,
} from 'pullback'
import t from 'tap'

const graph = define([4], { F: linear(4, 4), top: linear(4, 3) }, (x, { F, top }) =>
  top(op.mul(F(x), F(op.tanh(F(x))))),
)
const net = compose(
  named('in', linear(5, 4)),
  fanout({ a: tanh, b: compose(linear(4, 4), relu) }),
  join.product,
  named('r', repeat(2, residual(linear(4, 4)))),
  named('d', graph),
)
const variables = init(net, key(0), { dtype: 'float64' })
const x = random.normal(key(1), [6, 5], 'float64')
const target = fromArray([0, 1, 2, 0, 1, 2], [6], 'int32')
const told = explain(net, variables, x, { loss: softmaxCrossEntropy, target })

t.test('every node has its name, its inputs and its outputs', async (t) => {
  t.same(
    told.nodes.map(({ path, kind, inputs, shapes, parameters }) => [path, kind, inputs, shapes[0], parameters]),
    [
      ['', 'input', [], [6, 5], 0],
      ['in', 'linear', [0], [6, 4], 24],
      ['a', 'tanh', [1], [6, 4], 0],
      ['b', 'linear', [1], [6, 4], 20],
      ['b', 'relu', [3], [6, 4], 0],
      ['', 'product', [2, 4], [6, 4], 0],
      ['r.0', 'linear', [5], [6, 4], 20],
      ['', 'add', [5, 6], [6, 4], 0],
      ['r.1', 'linear', [7], [6, 4], 20],
      ['', 'add', [7, 8], [6, 4], 0],
      ['d.F', 'linear', [9], [6, 4], 20],
      ['d.F', 'linear', [9], [6, 4], 20],
      ['', 'tanh', [11], [6, 4], 0],
      ['d.F', 'linear', [12], [6, 4], 20],
      ['', 'mul', [10, 13], [6, 4], 0],
      ['d.top', 'linear', [14], [6, 3], 15],
      ['', 'loss', [15], [], 0],
    ],
  )
})

t.test('its numbers are those of the network', async (t) => {
  const scores = toArray(predict(net, variables, x))
  const { activation } = told.nodes[15] as Graph['nodes'][number]
  t.equal(activation.min, Math.min(...scores))
  t.equal(activation.max, Math.max(...scores))
  const mean = scores.reduce((s, v) => s + v, 0) / scores.length
  t.ok(Math.abs(activation.mean - mean) < 1e-15)
  t.ok(Math.abs(activation.deviation ** 2 - scores.reduce((s, v) => s + (v - mean) ** 2, 0) / scores.length) < 1e-15)
  const loss = (p: typeof variables.params) =>
    softmaxCrossEntropy(target)(net.apply(p, variables.state, { mode: 'eval' }, x).value)[0]
  const gradient = grad(loss)(variables.params)
  const length = (of: tree.Tree): number =>
    Math.sqrt(tree.reduce(of, 0, (s, d) => s + toArray(d as Tensor).reduce((r, v) => r + v * v, 0)))
  for (const [id, part] of [
    [1, gradient.in],
    [6, gradient.r[0]],
    [10, gradient.d.F],
    [13, gradient.d.F],
    [15, gradient.d.top],
  ] as const)
    t.ok(Math.abs((told.nodes[id]?.parameterGradient ?? 0) / length(part) - 1) < 1e-12, `node ${id}`)
  const dx = grad((at: typeof x) => softmaxCrossEntropy(target)(predict(net, variables, at))[0])(x)
  t.ok(Math.abs((told.nodes[0]?.gradient ?? 0) / length(dx) - 1) < 1e-12)
})

t.test('a graph as text and as pictures', async (t) => {
  const lines = show(told).split('\n')
  t.equal(lines.length, 19)
  t.match(lines[3], /^ 1 {2}in {5}linear {3}0 {7}\[6, 4\] {10}24 /)
  const odd = named('a\\"b', linear(1, 1))
  t.match(toDot(explain(odd, init(odd, key(0)), ones([1, 1]))), /label="a\\\\\\"b\\nlinear/, 'names with any letters')
  t.match(toMermaid(explain(odd, init(odd, key(0)), ones([1, 1]))), 'n1["a\\#quot;b<br>linear<br>')
  const dot = toDot(told)
  t.match(dot, /^digraph \{\n/)
  t.match(dot, /n1 \[label="in\\nlinear\\n\[6, 4\]\\n24 parameters"\]/)
  for (const edge of ['n2 -> n5', 'n4 -> n5', 'n14 -> n15']) t.match(dot, edge)
  const mermaid = toMermaid(told)
  t.match(mermaid, /^flowchart TD\n {2}n0\["input<br>\[6, 5\]"\]/)
  t.match(mermaid, 'n13 --> n14')
  t.equal(
    (mermaid.match(/-->/g) ?? []).length,
    told.nodes.reduce((n, node) => n + node.inputs.length, 0),
  )
})

t.test('records and labels as input', async (t) => {
  const both = define({ image: [3], shift: [2] }, { see: linear(3, 2) }, ({ image, shift }, { see }) =>
    op.add(see(image), shift),
  )
  const { nodes } = explain(both, init(both, key(0)), {
    image: random.normal(key(1), [4, 3]),
    shift: random.normal(key(2), [4, 2]),
  })
  t.same(
    nodes.map(({ path, kind, inputs }) => [path, kind, inputs]),
    [
      ['image', 'input', []],
      ['shift', 'input', []],
      ['see', 'linear', [0]],
      ['', 'add', [2, 1]],
    ],
  )
})

t.test('where a NaN began', async (t) => {
  const logs = compose(
    named('L1', linear(2, 2)),
    named('log', elementwise(op.log)),
    elementwise(op.exp),
    named('L2', linear(2, 1)),
  )
  const at = init(logs, key(0))
  const forward = explain(
    logs,
    {
      ...at,
      params: {
        ...at.params,
        L1: {
          W: fromNested([
            [1, 0],
            [0, 1],
          ]),
          b: fromNested([0, 0]),
        },
      },
    },
    fromNested([[-1, 2]]),
  )
  t.equal(firstNotFinite(forward)?.path, 'log')
  t.match(show(forward), /the first that is not finite is log \(log\): 1 of 2 numbers$/)
  const spoilt = explain(
    logs,
    { ...at, params: { ...at.params, L2: { W: fromNested([[1, Number.NaN]]), b: fromNested([0]) } } },
    fromNested([[1, 2]]),
  )
  t.same(spoilt.badParameters, ['L2.W'])
  t.match(show(spoilt), /not finite before it ran: the parameters L2.W$/)
  const given = explain(logs, at, fromNested([[Number.POSITIVE_INFINITY, 2]]))
  t.equal(firstNotFinite(given)?.kind, 'input')
  const roots = compose(input([2]), named('root', elementwise(op.sqrt)), tanh)
  const back = explain(roots, init(roots, key(0)), fromNested([[0, 1]]))
  t.equal(firstNotFinite(back), undefined)
  t.equal(firstBadGradient(back)?.path, 'root')
  t.match(show(back), /the first gradient that is not finite comes out of root \(sqrt\)$/)
  const root = elementwise(op.sqrt)
  const both = compose(input([2]), fanout({ a: root, b: root }), join.product)
  const twice = explain(both, init(both, key(0)), fromNested([[0, 1]]))
  t.equal(firstBadGradient(twice)?.path, 'b', 'the first on the way back')
})

t.test('an empty batch', async (t) => {
  t.equal(explain(net, variables, random.normal(key(1), [0, 5], 'float64')).nodes[1]?.activation.count, 0)
  t.throws(() => explain(net, variables, fromNested([[1]]) as never), /expected \[batch, 5\]/)
})

t.test('a node reports the count of its numbers that are not finite', async (t) => {
  const net = compose(named('root', elementwise(op.sqrt)), named('log', elementwise(op.log)))
  const lines = (numbers: readonly [number, number]): readonly string[] =>
    show(explain(net, init(net, key(0)), fromNested([[...numbers]]) as Tensor)).split('\n')
  const [some, none, all] = [lines([-1, 4]), lines([-1, -4]), lines([1, 4])]
  t.match(some[0], /not finite$/)
  t.match(some[3], /^1 {2}root {2}sqrt +0 +\[1, 2\] +2\.00 +0 +2\.00 +2\.00 +0 % +NaN +1 of 2$/)
  t.match(none[2], /^0 +input +\[1, 2\] +-2\.50 +1\.50 +-4\.00 +-1\.00 +0 % +NaN *$/)
  t.match(none[3], /^1 {2}root {2}sqrt +0 +\[1, 2\] +NaN +2 of 2$/, 'and nothing else of no finite number')
  t.match(none[4], /^2 {2}log {3}log +1 +\[1, 2\] +1\.41 +2 of 2$/)
  t.notMatch(all.join(), 'not finite')
})
