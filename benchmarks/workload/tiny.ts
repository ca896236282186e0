// Workloads so small that a step costs more than its kernels: what a library spends on itself.
import { type AnyLayer, compose, linear, named, tanh } from 'pullback'
import type { Workload } from './workload.ts'

const tiny = {
  task: 'train',
  kind: 'perceptron',
  activation: 'tanh',
  loss: 'softmaxCrossEntropy',
  dtype: 'float32',
} as const

const oneHidden = (inputs: number, hidden: number, classes: number): AnyLayer =>
  compose(named('L1', linear(inputs, hidden)), tanh, named('L2', linear(hidden, classes)))

export const t1: Workload = {
  ...tiny,
  name: 't1',
  about: '2-4-2, tanh, softmax cross entropy, 4 examples, float32',
  network: oneHidden(2, 4, 2),
  optimizer: 'sgd',
  learningRate: 0.1,
  outputs: 2,
  batch: 4,
}

export const t2: Workload = {
  ...tiny,
  name: 't2',
  about: '2-16-2, tanh, softmax cross entropy, 50 examples, float32',
  network: oneHidden(2, 16, 2),
  optimizer: 'sgd',
  learningRate: 0.1,
  outputs: 2,
  batch: 50,
}

export const t3: Workload = { ...t2, name: 't3', about: `${t2.about}, Adam`, optimizer: 'adam', learningRate: 0.001 }

export const t4: Workload = {
  ...tiny,
  name: 't4',
  about: '4-16-16-3, tanh, softmax cross entropy, 16 examples, float32, Adam',
  network: compose(named('L1', linear(4, 16)), tanh, named('L2', linear(16, 16)), tanh, named('L3', linear(16, 3))),
  optimizer: 'adam',
  learningRate: 0.001,
  outputs: 3,
  batch: 16,
}
