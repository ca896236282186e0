// The workloads made of dense layers with ReLU between them.
import { compose, linear, named, relu } from 'pullback'
import type { Workload } from './workload.ts'

const regression = compose(named('L1', linear(100, 200)), relu, named('L2', linear(200, 1)))

export const a: Workload = {
  name: 'a',
  about: '784-128-10, softmax cross entropy, 32 examples, float32',
  task: 'train',
  kind: 'perceptron',
  activation: 'relu',
  network: compose(named('L1', linear(784, 128)), relu, named('L2', linear(128, 10))),
  optimizer: 'sgd',
  learningRate: 0.01,
  loss: 'softmaxCrossEntropy',
  outputs: 10,
  dtype: 'float32',
  batch: 32,
}

export const b: Workload = {
  name: 'b',
  about: '784-512-256-10, softmax cross entropy, 128 examples, float32',
  task: 'train',
  kind: 'perceptron',
  activation: 'relu',
  network: compose(
    named('L1', linear(784, 512)),
    relu,
    named('L2', linear(512, 256)),
    relu,
    named('L3', linear(256, 10)),
  ),
  optimizer: 'sgd',
  learningRate: 0.01,
  loss: 'softmaxCrossEntropy',
  outputs: 10,
  dtype: 'float32',
  batch: 128,
}

export const c: Workload = {
  name: 'c',
  about: '100-200-1, least squares, 200 examples, float64',
  task: 'train',
  kind: 'perceptron',
  activation: 'relu',
  network: regression,
  optimizer: 'sgd',
  learningRate: 0.01,
  loss: 'leastSquares',
  outputs: 1,
  dtype: 'float64',
  batch: 200,
}

export const c32: Workload = {
  ...c,
  name: 'c32',
  about: '100-200-1, least squares, 200 examples, float32',
  dtype: 'float32',
}

/** A network that serves: one prediction after the other. */
export const predict: Workload = {
  ...a,
  name: 'predict',
  about: '784-128-10, one example predicted, float32',
  task: 'predict',
  batch: 1,
}
