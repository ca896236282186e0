// The two-layer network twice: forward and backward coupled by hand (support/twoLayers.ts), and composed of layers.
// Same numbers, same loss, same gradients. Then both forwards get another f: by hand, backward is wrong and nobody says
// so.
import {
  compose,
  type Diff,
  elementwise,
  gradCheck,
  item,
  leastSquares,
  linear,
  named,
  op,
  type Params,
  predict,
  type Scalar,
  tree,
  valueAndGrad,
} from 'pullback'
import { difference, numbers } from '../support/compare.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'
import { asLayers, bprop, fprop, type Plain, type Row, twoLayerData } from '../support/twoLayers.ts'

const given = options('coupled', 'a two-layer network with backward by hand, and by composition', {
  dim: size(100, 'numbers in an example'),
  hidden: size(50, 'hidden units'),
  batch: size(20, 'examples in the minibatch'),
  seed,
})
const { plain, x, y } = twoLayerData(draws(given.seed).uniform, given.dim, given.hidden, given.batch)

// By hand: an example is a column, and what fprop computed has to be handed to bprop.
const cache = fprop(plain, x, y)
const byHand = bprop(plain, cache)

// Composed: an example is a row. There is no backward to write.
const network = (f: typeof op.relu | typeof op.tanh) =>
  compose(named('L1', linear(given.dim, given.hidden)), elementwise(f), named('L2', linear(given.hidden, 1)))
const net = network(op.relu)
const [rows, targets] = [op.transpose(x), op.transpose(y)]
const lossOf = (params: Params<typeof net>): Scalar =>
  leastSquares.sum(targets)(predict(net, { params, state: {} }, rows))[0]
const [loss, gradient] = valueAndGrad(lossOf)(asLayers(plain))

const first = (t: Row) => numbers(op.slice(op.transpose(t), [[0, 1]]))
console.log('current loss, by hand ', item(cache.loss))
console.log('current loss, composed', item(loss))
console.log('current pred/target', first(cache.z2), first(y))
console.log('diff', first(op.mul(cache.diff, cache.diff)))
for (const [name, t] of Object.entries(tree.flatten(gradient))) console.log(`dL/d${name}  [${t.shape.join(', ')}]`)
console.log('largest difference of the gradients', difference(gradient, asLayers(byHand)).toExponential(1))

// Another f: one word in the composed network, and a mistake by hand if bprop is not changed as well.
const tell = (pass: boolean): string => (pass ? 'pass' : 'FAIL')
const forgotten: Diff<Plain, Scalar> = (p) => {
  const forward = fprop(p, x, y, op.tanh)
  return [forward.loss, (d) => tree.map(bprop(p, forward), (t) => op.scale(t, item(d)))]
}
const small = tree.map(plain, (t) => op.scale(t, 0.1)) // where tanh is not flat
const check = { order: 1, entries: 64, directions: 4 } as const
console.log('\ntanh for relu in forward only')
console.log('gradient check by hand: ', tell(gradCheck(forgotten, small, check).pass))
const { pass } = gradCheck(network(op.tanh), { params: asLayers(small), input: rows }, check)
console.log('gradient check composed:', tell(pass))
