// The lecture's gradient check of the network by hand and of the one of modules. It fails right gradients whose entries
// are small: in differences of a loss of 5e7, rounding leaves an error of some 5e7 · 1e-16 / 1e-6 = 5e-3, whatever the
// entry. gradCheck takes a step that suits each entry, knows what rounding hides, and passes what is right, and only
// that.
import {
  compose,
  type Diff,
  gradCheck,
  item,
  leastSquares,
  linear,
  named,
  op,
  predict,
  relu,
  type Scalar,
  show,
  tree,
  valueAndGrad,
  vjp,
} from 'pullback'
import { checkGrad, numericalGrad } from '../support/differences.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'
import { timed, timing } from '../support/stopwatch.ts'
import { asLayers, bprop, fprop, type Plain, twoLayerData } from '../support/twoLayers.ts'

const given = options('gradientCheck', 'gradients against differences, by the lecture and by the library', {
  dim: size(200, 'numbers in an example'),
  hidden: size(300, 'hidden units'),
  draw: { initial: 'uniform', choices: ['uniform', 'normal'], about: 'with normal weights half of the units are off' },
  seed,
})
const { plain, x, y } = twoLayerData(draws(given.seed)[given.draw], given.dim, given.hidden, 1)

const [byHand, handSeconds] = timed(() => bprop(plain, fprop(plain, x, y)))
console.log(timing('bprop', 1, handSeconds))
const plainLoss = (p: Plain): Scalar => fprop(p, x, y).loss
const [handDifferences, slowSeconds] = timed(() => numericalGrad(plainLoss, plain), 1)
console.log(timing('numerical', 1, slowSeconds))
console.log(checkGrad(handDifferences, byHand).join('\n'))
console.log('loss', item(plainLoss(plain)))

const net = compose(named('L1', linear(given.dim, given.hidden)), relu, named('L2', linear(given.hidden, 1)))
const params = asLayers(plain)
const loss = (p: typeof params): Scalar =>
  leastSquares.sum(op.transpose(y))(predict(net, { params: p, state: {} }, op.transpose(x)))[0]
const [[value, gradient], moduleSeconds] = timed(() => valueAndGrad(loss)(params))
console.log(timing('backprop-module', 1, moduleSeconds))
const [differences, slowModuleSeconds] = timed(() => numericalGrad(loss, params), 1)
console.log(timing('numerical-module', 1, slowModuleSeconds))
console.log('loss', item(value))
console.log(checkGrad(differences, gradient).join('\n'))

console.log('\ngradCheck of the same loss: all entries of small tensors, 16 directions through large ones')
console.log(show(gradCheck(loss, params, { order: 1 })))

const tooLarge = tree.modify(tree.at<typeof params>()('L1.b'), (b) => op.scale(b, 1.001))
const wrong: Diff<typeof params, Scalar> = (p) => {
  const [l, back] = vjp(loss)(p)
  return [l, (d) => tooLarge(back(d))]
}
const { pass } = gradCheck(wrong, params, { order: 1 })
console.log(`and of one whose gradient of L1.b is 0.1 % too large: ${pass ? 'pass' : 'FAIL'}`)
