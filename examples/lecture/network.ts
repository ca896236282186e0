// An n-layer network with any f, for any n: a₁ = x, z_i = W_i a_i + b_i, a_{i+1} = f(z_i), z = z_n. It is written once,
// forward; every loss of its output is learnt by following the gradient that vjp infers. The last part is about a
// misprint in the lecture.
import {
  compose,
  elementwise,
  fromNested,
  gradCheck,
  init,
  item,
  key,
  leastSquares,
  linear,
  metric,
  multiclassHinge,
  named,
  oneHot,
  op,
  predict,
  type Scalar,
  type Scores,
  softmaxCrossEntropy,
  stack,
  type Tensor,
  tree,
  valueAndGrad,
} from 'pullback'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'
import { rings } from '../support/rings.ts'

const own = (z: Tensor): Tensor => op.mul(z, op.sigmoid(z)) // any function of operations will do: z / (1 + e⁻ᶻ)
const functions = { relu: op.relu, sigmoid: op.sigmoid, tanh: op.tanh, own }

const given = options('network', 'an n-layer network with any f and three losses', {
  layers: size(3, 'n', 100),
  hidden: size(20, 'hidden units in each layer but the last'),
  f: {
    initial: 'relu',
    choices: ['relu', 'sigmoid', 'tanh', 'own'],
    about: 'between two layers; own is z · sigmoid(z)',
  },
  examples: size(300, 'points to learn from, and as many to test'),
  steps: size(600, 'steps of gradient descent'),
  rate: { initial: 0.2, least: 1e-9, most: 100, whole: false, about: 'learning rate' },
  seed,
})
const f = elementwise(functions[given.f])
const sizes = [...Array.from({ length: given.layers - 1 }, () => given.hidden), 3]
const links = sizes.slice(1).map((out) => compose(f, linear(given.hidden, out))) // a_{i+1} = f(z_i), z_{i+1} = W a_{i+1} + b
const network = compose(named('first', linear(2, sizes[0] as number)), named('more', stack(links)))

const { uniform } = draws(given.seed)
const [train, test] = [rings(uniform, 'train', given.examples), rings(uniform, 'test', given.examples)]
const losses: Readonly<Record<string, (z: Scores) => Scalar>> = {
  'least squares, |y - z|² with y one-hot': (z) => leastSquares(oneHot(train.labels, 3, 'float64'))(z)[0],
  'hinge, max(0, 1 - (z_y - max z_y′))': (z) => multiclassHinge(train.labels)(z)[0],
  'softmax, -z_y + log Σ exp z': (z) => softmaxCrossEntropy(train.labels)(z)[0],
}
for (const [name, loss] of Object.entries(losses)) {
  let params = init(network, key(given.seed), { dtype: 'float64' }).params
  const lossOf = (p: typeof params): Scalar => loss(predict(network, { params: p, state: {} }, train.input))
  const before = item(lossOf(params))
  const { pass } = gradCheck(lossOf, params, { order: 1, entries: 16, directions: 2 })
  for (let i = 0; i < given.steps; i++) {
    const [, gradient] = valueAndGrad(lossOf)(params)
    params = tree.zipWith(params, gradient, (p, g) => op.addScaled(p, g, -given.rate))
  }
  const right = metric.accuracy(predict(network, { params, state: {} }, test.input), test.labels)
  console.log(name)
  console.log(
    `  loss ${before.toFixed(4)} to ${item(lossOf(params)).toFixed(4)}, test accuracy ${right.toFixed(3)}, gradient check ${pass ? 'pass' : 'FAIL'}`,
  )
}

console.log('\nThe lecture prints the softmax loss as -z_y + exp(Σ z); a logarithm is missing. For z = (1, 2, 3):')
const z = [1, 2, 3]
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const printed = z.map((zy) => -zy + Math.exp(total(z)))
const meant = z.map((zy) => -zy + Math.log(total(z.map(Math.exp))))
const library = z.map((_, y) => item(softmaxCrossEntropy(fromNested([y], 'int32'))(fromNested([z], 'float64'))[0]))
z.forEach((_, y) => {
  console.log(
    `  y = ${y + 1}: printed ${printed[y]?.toFixed(4)}, meant ${meant[y]?.toFixed(4)}, softmaxCrossEntropy ${library[y]?.toFixed(4)}`,
  )
})
const probability = (losses: readonly number[]): string => total(losses.map((l) => Math.exp(-l))).toFixed(4)
console.log(
  `  Σ exp(-L) over the classes, which for probabilities is 1: printed ${probability(printed)}, meant ${probability(meant)}`,
)
