// A computation graph of the lecture's four kinds of nodes: linear, elementwise, product and sum. The value v is used
// three times, in tanh(v) ⊙ sigmoid(v) + v; so dL/dv is the sum of what comes back from its three children. The graph
// is written twice, as layers side by side and as a function of layers, and backward in neither.
import {
  apply,
  compose,
  define,
  fanout,
  gradCheck,
  identity,
  init,
  join,
  key,
  linear,
  named,
  op,
  sigmoid,
  summary,
  type Tensor,
  tanh,
  toArray,
  vjp,
} from 'pullback'
import { difference } from '../support/compare.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'

const given = options('graph', 'a network that is a graph and no chain', {
  dim: size(100, 'numbers in an example'),
  hidden: size(50, 'numbers in v'),
  batch: size(8, 'examples'),
  seed,
})
const { dim, hidden, batch } = given
const { normal } = draws(given.seed)
const x = normal('x', [batch, dim])

const gated = compose(fanout({ value: tanh, gate: sigmoid }), join.product)
const middle = compose(fanout({ gated, direct: identity }), join.sum)
const net = compose(named('in', linear(dim, hidden)), middle, named('out', linear(hidden, 1)))
const same = define([dim], { in: linear(dim, hidden), out: linear(hidden, 1) }, (x, layers) => {
  const v = layers.in(x)
  return layers.out(op.add(op.mul(op.tanh(v), op.sigmoid(v)), v))
})
console.log(summary(net))

const { params } = init(net, key(given.seed), { dtype: 'float64' })
const check = { order: 1, entries: 16, directions: 4 } as const
const tell = (graph: typeof net | typeof same): string =>
  gradCheck(graph, { params, input: x }, check).pass ? 'pass' : 'FAIL'
const dL = normal('dL', [batch, 1]) // what comes back to the output
const run = (graph: typeof net | typeof same) => {
  const step = apply(graph, { params, state: {} }, { mode: 'eval' }, x)
  const back = step.pullback(dL)
  return { y: step.value, gradient: { params: back.params(), x: back.input() } }
}
const [side, written] = [run(net), run(same)]
console.log(`\ngradient check: side by side ${tell(net)}, as a function ${tell(same)}`)
console.log('difference of the outputs  ', difference({ y: side.y }, { y: written.y }))
console.log('difference of the gradients', difference(side.gradient, written.gradient))

// dL/dout(v) = Σ dL/din(v′) · din(v′)/dout(v) over the children v′ of v: each child by itself, with a v of its own.
type Uses = Readonly<Record<'tanh' | 'sigmoid' | 'sum', Tensor>>
const v = op.affine(x, params.in.W, params.in.b)
const [, back] = vjp((use: Uses) => op.add(op.mul(op.tanh(use.tanh), op.sigmoid(use.sigmoid)), use.sum))({
  tanh: v,
  sigmoid: v,
  sum: v,
})
const dm = op.matmul(dL, params.out.W)
const parts = back(dm)
const whole = apply(middle, { params: {}, state: {} }, { mode: 'eval' }, v).pullback(dm).input()
console.log('\nfirst numbers of dL/dv')
const few = (t: Tensor): string =>
  toArray(t)
    .slice(0, 3)
    .map((d) => d.toFixed(6).padStart(10))
    .join('')
for (const [child, part] of Object.entries(parts)) console.log(`  from ${child.padEnd(8)}${few(part)}`)
console.log(`  of v         ${few(whole)}`)
const total = Object.values(parts).reduce((a, b) => op.add(a, b))
console.log(
  'difference of the sum over the children and dL/dv',
  difference({ v: total }, { v: whole }).toExponential(1),
)
