// Trains a network with one hidden layer on the MNIST digits: the library's main job, from data to a tested network.
import {
  adam,
  compose,
  dim,
  fit,
  gradCheck,
  key,
  linear,
  metric,
  named,
  op,
  predict,
  relu,
  softmaxCrossEntropy,
  summary,
} from 'pullback'
import { lossCurve } from './support/curve.ts'
import { runOn } from './support/engine.ts'
import { mnist } from './support/mnist.ts'
import { options, seed } from './support/options.ts'
import { percent, watched } from './support/progress.ts'
import { reading } from './support/reading.ts'
import { speeds } from './support/speed.ts'

const given = options('digits', 'trains a network on the MNIST digits', {
  epochs: { initial: 3, least: 1, most: 1000, about: 'how many times to go over the 60,000 digits' },
  batch: { initial: 32, least: 1, most: 60_000, about: 'digits in a minibatch' },
  lr: { initial: 0.001, least: 1e-9, most: 1000, whole: false, about: "Adam's learning rate" },
  hidden: { initial: 128, least: 1, most: 10_000, about: 'units of the hidden layer' },
  seed,
  engine: { initial: 'wasm', choices: ['wasm', 'native'], about: 'what multiplies matrices; native is OpenBLAS' },
  threads: { initial: 1, least: 1, most: 64, about: 'how many threads multiply' },
})
runOn(given.engine, given.threads)

const hidden = dim('hidden', given.hidden)
const net = compose(named('L1', linear(784, hidden)), relu, named('L2', linear(hidden, 10)))
console.log(`${summary(net)}\n`)

const { train, test } = await mnist()
const run = { train, key: key(given.seed), epochs: given.epochs, size: given.batch, every: 10 } as const
const states = fit(net, softmaxCrossEntropy, adam(given.lr), { ...run, metrics: { accuracy: metric.accuracy } })
const total = given.epochs * Math.ceil(train.rows.size / given.batch)
const { state: trained, losses } = await watched(states, total)

const scores = predict(net, trained, test.data.input)
console.log(`\n${lossCurve(losses)}`)
const { program, plain } = speeds(net, train, given.batch)
console.log(`\ntraining runs from a program: ${program} examples/s, where plain steps come to ${plain} examples/s`)
console.log(`\n${reading(scores, test.data)}`)
const few = op.slice(test.data.input, [[0, 8]])
const { pass } = gradCheck(net, { params: trained.params, input: few }, { order: 1, directions: 4, entries: 16 })
console.log(`\ngradient check of the trained network: ${pass ? 'pass' : 'FAIL'}`)
console.log(`test accuracy ${percent(metric.accuracy(scores, test.data.target))}`)
if (!pass) process.exitCode = 1
