// Trains a convolutional network, with batch normalization and dropout in it, on the MNIST digits: above 99 % in about
// a minute.
import {
  adamw,
  batchNorm,
  compose,
  conv2d,
  dropout,
  fit,
  flatten,
  input,
  key,
  linear,
  maxPool2d,
  metric,
  minibatches,
  named,
  op,
  predict,
  relu,
  reshape,
  schedule,
  softmaxCrossEntropy,
  summary,
} from 'pullback'
import { lossCurve } from './support/curve.ts'
import { runOn } from './support/engine.ts'
import { first, mnist } from './support/mnist.ts'
import { options, seed } from './support/options.ts'
import { percent, watched } from './support/progress.ts'
import { reading } from './support/reading.ts'

const given = options('convolutional', 'trains a convolutional network on the MNIST digits', {
  epochs: { initial: 5, least: 1, most: 1000, about: 'how many times to go over the digits' },
  batch: { initial: 128, least: 2, most: 60_000, about: 'digits in a minibatch' },
  lr: { initial: 0.006, least: 1e-9, most: 1000, whole: false, about: "the highest of AdamW's learning rates" },
  drop: { initial: 0.2, least: 0, most: 1, whole: false, about: 'how likely dropout is to drop a number' },
  learn: { initial: 60_000, least: 2, most: 60_000, about: 'digits to learn from' },
  unseen: { initial: 10_000, least: 1, most: 10_000, about: 'unseen digits to be tested on' },
  seed,
  engine: { initial: 'wasm', choices: ['wasm', 'native'], about: 'what multiplies matrices; native is OpenBLAS' },
  threads: { initial: 1, least: 1, most: 64, about: 'how many threads multiply' },
})
runOn(given.engine, given.threads)

const net = compose(
  input([784]),
  reshape([28, 28, 1]),
  named('block1', compose(named('conv', conv2d(1, 8, { kernel: 3 })), named('norm', batchNorm(8)), relu, maxPool2d(2))),
  named(
    'block2',
    compose(named('conv', conv2d(8, 32, { kernel: 3 })), named('norm', batchNorm(32)), relu, maxPool2d(2)),
  ),
  flatten,
  named('drop', dropout({ drop: given.drop })),
  named('hidden', compose(named('linear', linear(800, 128)), named('norm', batchNorm(128)), relu)),
  named('out', compose(dropout({ drop: given.drop }), linear(128, 10))),
)
console.log(`${summary(net)}\n`)

const { train, test } = await mnist()
const [learnt, unseen] = [first(train, given.learn), first(test, given.unseen)]

const total = given.epochs * Math.ceil(given.learn / given.batch)
const optimizer = adamw(schedule.oneCycle(given.lr, { steps: total }))
const run = { train: learnt, key: key(given.seed), epochs: given.epochs, size: given.batch, every: 10 } as const
const states = fit(net, softmaxCrossEntropy, optimizer, { ...run, metrics: { accuracy: metric.accuracy } })
const { state: trained, losses, seconds } = await watched(states, total)

const scores = op.concat(Array.from(minibatches(500)(unseen), (some) => predict(net, trained, some.input)))
console.log(`\n${lossCurve(losses)}`)
console.log(`\n${reading(scores, unseen.data)}`)
console.log(
  `\ntest accuracy ${percent(metric.accuracy(scores, unseen.data.target))} after ${seconds.toFixed(1)} s of training`,
)
