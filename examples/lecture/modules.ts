// The lecture's minimal modules: Linear, Elementwise, Sequential and Loss, each of which knows its own derivative and
// not what it is connected to. So a unit is swapped or a layer added without a thought of backprop. graph.ts connects
// modules in other ways.
import {
  apply,
  compose,
  elementwise,
  gradCheck,
  init,
  item,
  key,
  leastSquares,
  linear,
  named,
  ones,
  op,
  tanh,
  tree,
} from 'pullback'
import { numbers } from '../support/compare.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'

const given = options('modules', 'a network as a chain of modules', {
  dim: size(100, 'numbers in an example'),
  hidden: size(50, 'hidden units'),
  seed,
})
const { dim, hidden } = given
const { normal } = draws(given.seed)
const [x, y] = [normal('x', [1, dim]), op.scale(normal('y', [1, 1]), 5)]
const tell = (pass: boolean): string => (pass ? 'pass' : 'FAIL')

// The lecture's network: a chain of modules with names. A function of numbers comes with its derivative, as in the
// lecture.
const relu = elementwise(
  (z) => Math.max(0, z),
  (z) => (z > 0 ? 1 : 0),
)
const nn2layer = compose(named('L1', linear(dim, hidden)), named('Relu', relu), named('L2', linear(hidden, 1)))
const params = {
  L1: { W: normal('L1.W', [hidden, dim]), b: normal('L1.b', [hidden]) },
  L2: { W: normal('L2.W', [1, hidden]), b: normal('L2.b', [1]) },
}
const step = apply(nn2layer, { params, state: {} }, { mode: 'eval' }, x)
const [loss, lossBackward] = leastSquares.sum(y)(step.value)
const grads = step.pullback(lossBackward(ones([], 'float64'))).params() // backward: the pullbacks in the opposite order
const e = op.sub(step.value, y)
console.log('current loss', item(loss))
console.log('current pred/target', numbers(step.value), numbers(y))
console.log('diff', numbers(op.mul(e, e)))
for (const [name, t] of Object.entries(tree.flatten(grads))) console.log(`dL/d${name} [${t.shape.join(', ')}]`)

// Another unit, one layer more: nothing to do about backward.
const check = { order: 1, entries: 16, directions: 4 } as const
const smooth = compose(named('L1', linear(dim, hidden)), tanh, named('L2', linear(hidden, 1)))
const deeper = compose(
  named('L1', linear(dim, hidden)),
  relu,
  named('L3', linear(hidden, hidden)),
  relu,
  named('L2', linear(hidden, 1)),
)
console.log('\ngradient check')
console.log(`  as it is     ${tell(gradCheck(nn2layer, { params, input: x }, check).pass)}`)
console.log(`  another unit ${tell(gradCheck(smooth, { params, input: x }, check).pass)}`)
console.log(
  `  a layer more ${tell(gradCheck(deeper, { params: init(deeper, key(given.seed)).params, input: x }, check).pass)}`,
)
