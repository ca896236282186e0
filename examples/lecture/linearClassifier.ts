// The multiclass linear classifier: scores z_y = w_y · φ(x), and the class with the highest score is predicted. To
// learn w is easy, by hinge or by softmax; what can be learnt at all is fixed by φ. The classes here are a disc and
// what lies around it: hopeless for a φ(x) of the numbers themselves, easy if a person has thought of their squares.
// network.ts learns its φ.
import {
  adam,
  compile,
  fromNested,
  key,
  layer,
  metric,
  multiclassHinge,
  op,
  predict,
  softmaxCrossEntropy,
  start,
  toArray,
  toNested,
  trainStep,
  zeros,
} from 'pullback'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'
import { rings } from '../support/rings.ts'

const given = options('linearClassifier', 'scores w_y · φ(x), for a φ that a person designed', {
  examples: size(300, 'points to learn from, and as many to test'),
  steps: size(500, 'steps of training'),
  seed,
})
const { uniform } = draws(given.seed)
const [train, test] = [rings(uniform, 'train', given.examples), rings(uniform, 'test', given.examples)]

type Features = (u: number, v: number) => readonly number[]
const designs: Readonly<Record<string, Features>> = {
  '(1, u, v)': (u, v) => [1, u, v],
  '(1, u, v, u², uv, v²)': (u, v) => [1, u, v, u * u, u * v, v * v],
}
const losses = { hinge: multiclassHinge, softmax: softmaxCrossEntropy }

for (const [design, features] of Object.entries(designs)) {
  const phi = (x: typeof train.input) =>
    fromNested(
      toNested(x).map(([u = 0, v = 0]) => features(u, v)),
      'float64',
    )
  const inputs = features(0, 0).length
  const classifier = layer({
    kind: 'scores',
    input: [inputs],
    params: { w: { shape: [3, inputs], draw: (_, shape, dtype) => zeros(shape, dtype) } }, // a row w_y for each class y
    forward: ({ w }, f) => op.matmul(f, op.transpose(w)),
  })
  for (const [name, loss] of Object.entries(losses)) {
    const step = compile(trainStep(classifier, loss, adam(0.05)))
    let run = start(classifier, adam(0.05), key(given.seed), { dtype: 'float64' })
    const told: number[] = []
    for (let i = 0; i < given.steps; i++) {
      const [next, { loss: at }] = step(run, { input: phi(train.input), target: train.labels })
      run = next
      told.push(at)
    }
    const scores = predict(classifier, run, phi(test.input))
    console.log(`φ(u, v) = ${design}, ${name}`)
    console.log(
      `  loss ${told[0]?.toFixed(4)} to ${told.at(-1)?.toFixed(4)}, test accuracy ${metric.accuracy(scores, test.labels).toFixed(3)}`,
    )
    const [point, z] = [op.slice(test.input, [0]), op.slice(scores, [0])].map((t) =>
      toArray(t).map((v) => v.toFixed(2)),
    )
    const [found, right] = [op.argmax(scores, 1), test.labels].map((labels) => toArray(labels)[0])
    console.log(`  at (${point?.join(', ')}) the scores are ${z?.join(', ')}: class ${found}, and right is ${right}`)
  }
}
