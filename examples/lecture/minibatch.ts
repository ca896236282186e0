// A minibatch in one go against its examples one by one. And the lecture's exercise: what keeps its bprop from being
// right for more than one example? The bias is added to every example, so its gradient is a sum over them, which the
// lecture leaves out.
import {
  compose,
  leastSquares,
  linear,
  named,
  op,
  predict,
  relu,
  type Scalar,
  ShapeError,
  tree,
  valueAndGrad,
} from 'pullback'
import { difference } from '../support/compare.ts'
import { numericalGrad } from '../support/differences.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'
import { timed, timing } from '../support/stopwatch.ts'
import { asLayers, bprop, fprop, type Plain, twoLayerData } from '../support/twoLayers.ts'

const given = options('minibatch', 'a minibatch in one go against its examples one by one', {
  batch: { ...size(200, 'examples'), least: 2 },
  dim: size(100, 'numbers in an example'),
  hidden: size(200, 'hidden units'),
  seed,
})
const n = given.batch
const { plain, x, y } = twoLayerData(draws(given.seed).uniform, given.dim, given.hidden, n)
const columns = Array.from(
  { length: n },
  (_, i) => [op.slice(x, [null, [i, i + 1]]), op.slice(y, [null, [i, i + 1]])] as const,
)

// By hand, an example a column.
const [batchGradient, batchSeconds] = timed(() => bprop(plain, fprop(plain, x, y)))
const [gradients, loopSeconds] = timed(() => columns.map(([xi, yi]) => bprop(plain, fprop(plain, xi, yi))))
console.log(timing('backprop-batch', n, batchSeconds))
console.log(timing('backprop-loop', n, loopSeconds))
const [x0, y0] = columns[0] as (typeof columns)[number]
const [, slowSeconds] = timed(() => numericalGrad((p: Plain) => fprop(p, x0, y0).loss, plain), 1)
console.log(timing('numerical', 1, slowSeconds)) // one example, as in the lecture, whose label says the whole minibatch

// Composed, an example a row.
const net = compose(named('L1', linear(given.dim, given.hidden)), relu, named('L2', linear(given.hidden, 1)))
const params = asLayers(plain)
const gradient = (xs: typeof x, ys: typeof y): typeof params => {
  const loss = (p: typeof params): Scalar =>
    leastSquares.sum(op.transpose(ys))(predict(net, { params: p, state: {} }, op.transpose(xs)))[0]
  return valueAndGrad(loss)(params)[1]
}
const [moduleGradient, moduleSeconds] = timed(() => gradient(x, y))
const [, moduleLoopSeconds] = timed(() => columns.map(([xi, yi]) => gradient(xi, yi)))
console.log(timing('backprop-batch-module', n, moduleSeconds))
console.log(timing('backprop-loop-module', n, moduleLoopSeconds))
console.log(`the minibatch is ${(loopSeconds / batchSeconds).toFixed(1)} times as fast by hand,`)
console.log(`${(moduleLoopSeconds / moduleSeconds).toFixed(1)} times as fast composed`)

// The exercise.
const shape = (t: { readonly shape: readonly number[] }): string => `[${t.shape.join(', ')}]`
const unsummed = bprop(plain, fprop(plain, x, y), (dz) => dz)
console.log(
  `\nb1 is ${shape(plain.b1)}; dL/db1 is ${shape(unsummed.b1)} without the sum, ${shape(batchGradient.b1)} with it`,
)
const total = gradients.reduce((a, b) => tree.zipWith(a, b, (s, t) => op.add(s, t)))
console.log(
  `with it the minibatch agrees with the sum over its examples to ${difference(total, batchGradient).toExponential(1)}`,
)
console.log('NumPy takes a step along the other all the same, and b1 has a column for each example from then on; here:')
try {
  tree.zipWith(plain, unsummed, (p, g) => op.sub(p, op.scale(g, 1e-9)))
} catch (e) {
  if (!(e instanceof ShapeError)) throw e
  console.log(e.message)
}
const apart = difference(moduleGradient, asLayers(batchGradient))
console.log(
  `linear sums over the batch: its dL/db is ${shape(moduleGradient.L1.b)}, and all agrees to ${apart.toExponential(1)}`,
)
