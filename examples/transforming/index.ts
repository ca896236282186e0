// Trains a transforming autoencoder on moved digits: told how a digit moves, it draws the digit where it will be.
import { writeFileSync } from 'node:fs'
import {
  adam,
  cast,
  count,
  epochs,
  examples,
  item,
  key,
  leastSquares,
  minibatches,
  op,
  predict,
  random,
  scan,
  start,
  type Tensor,
  trainStep,
} from 'pullback'
import { sparkline } from 'pullback/chart'
import { lossCurve } from '../support/curve.ts'
import { runOn } from '../support/engine.ts'
import { mnist } from '../support/mnist.ts'
import { options } from '../support/options.ts'
import { svg } from '../support/svg.ts'
import { picture, progressLine, row } from '../support/terminal.ts'
import { gradients, largestDifference } from './compare.ts'
import { type Pairs, pairs } from './data.ts'
import { transformingAutoencoder } from './model.ts'
import { poses } from './pose.ts'

const most = 10_000
const given = options('transforming', 'trains a transforming autoencoder on moved MNIST digits', {
  capsules: {
    initial: 10,
    least: 1,
    most,
    about: 'capsules; the paper has 30, of 10 recognition and 20 generation units',
  },
  recognition: { initial: 40, least: 1, most, about: 'recognition units of a capsule' },
  generation: { initial: 60, least: 1, most, about: 'generation units of a capsule' },
  pose: {
    initial: 'translation',
    choices: ['translation', 'matrix', 'affine', 'projective'],
    about: 'what a capsule says of its entity: 2 numbers, or a matrix 2×2, 2×3 or 3×3',
  },
  steps: { initial: 2500, least: 1, most: 1e9, about: 'minibatches to learn from' },
  batch: { initial: 100, least: 1, most: 60_000, about: 'digits in a minibatch' },
  lr: { initial: 0.003, least: 1e-9, most: 1000, whole: false, about: "Adam's learning rate" },
  seed: { initial: 0, least: 0, most: Number.MAX_SAFE_INTEGER, about: 'the same seed gives the same numbers' },
  unseen: { initial: 10_000, least: 1, most: 10_000, about: 'unseen digits to measure the error on' },
  picture: { initial: 'transforming.svg', about: 'the file to draw input, target and output to' },
  engine: { initial: 'wasm', choices: ['wasm', 'native'], about: 'what multiplies matrices; native is OpenBLAS' },
  threads: { initial: 1, least: 1, most: 64, about: 'how many threads multiply' },
})
runOn(given.engine, given.threads)

const { capsules, recognition, generation, pose: form } = given
const net = transformingAutoencoder({ capsules, recognition, generation, pixels: 784, form })
const shape = poses[form].shape.join(', ')
console.log(`${capsules} capsules with poses [${shape}], ${count(net).toLocaleString('en')} parameters`)

const { train, test } = await mnist()
const seed = key(given.seed)

/** An endless sequence of new pairs of digits. */
function* learning() {
  let step = 0
  for (const { input } of epochs({ size: given.batch, key: random.foldIn(seed, 'order') })(train)) {
    if (step === given.steps) return
    yield pairs(form, random.foldIn(random.foldIn(seed, 'learn'), step++), input)
  }
}
const unseen = pairs(form, random.foldIn(seed, 'test'), op.slice(test.data.input, [[0, given.unseen]]))

/** The pictures drawn for some inputs, a hundred at a time. */
const draw = (at: Pick<typeof trained, 'params' | 'state'>, input: Pairs['input']): Pairs['target'] =>
  op.concat(Array.from(minibatches(100)(examples(input)), (some) => predict(net, at, some)))
/** The mean over the digits of the squared differences, added up over the pixels. */
const error = (drawn: Pairs['target']): string => item(leastSquares(unseen.target)(drawn)[0]).toFixed(2)

const optimizer = adam(given.lr)
const learn = trainStep(net, leastSquares, optimizer)
let trained = start(net, optimizer, seed)
const before = error(draw(trained, unseen.input))

const line = progressLine()
const losses: number[] = []
const began = performance.now()
const report = (): string => {
  const last = losses.slice(-100)
  const rate = Math.round((1000 * trained.step * given.batch) / (performance.now() - began))
  const loss = last.reduce((a, b) => a + b, 0) / last.length
  return `step ${trained.step}/${given.steps}  loss ${loss.toFixed(2)}  ${sparkline(losses.map(Math.log))}  ${rate} pairs/s`
}
for await (const [at, steps] of scan(learn, trained, learning(), { every: 10 })) {
  trained = at
  for (const { loss } of steps) losses.push(loss)
  line.show(report())
}
line.end(report())
console.log(`\n${lossCurve(losses)}`)

const drawn = draw(trained, unseen.input)
const another = op.slice(unseen.input.move, [[null, null, -1]]) as typeof unseen.input.move
console.log(`\nsquared error of a picture, mean over ${given.unseen.toLocaleString('en')} unseen digits
  before training            ${before}
  the input as it is         ${error(unseen.input.image)}
  the mean of all targets    ${error(op.broadcast(op.mean(unseen.target, 0), unseen.target.shape))}
  told another digit's move  ${error(draw(trained, { ...unseen.input, move: another }))}
  after training             ${error(drawn)}`)

const few = Math.min(10, given.unseen)
const columns = [
  { caption: 'input', all: unseen.input.image },
  { caption: 'target', all: unseen.target },
  { caption: 'output', all: drawn },
].map(({ caption, all }) => ({ caption, pictures: Array.from({ length: few }, (_, i) => op.slice(all, [i])) }))
for (let i = 0; i < Math.min(3, few); i++)
  console.log(
    `\n${row(columns.map(({ caption, pictures }) => ({ caption, lines: picture(pictures[i] as Tensor, 28) })))}`,
  )
writeFileSync(given.picture, svg(columns, 28))

const some = cast(pairs(form, seed, op.slice(test.data.input, [[0, 20]])), 'float64')
const { composed, byHand } = gradients(net, form, cast(trained.params, 'float64'), some)
console.log(`\nhand-coupled gradient against the composed one: ${largestDifference(byHand, composed).toExponential(1)}`)
console.log(`pictures in ${given.picture}`)
