// The workloads with sequences, and the one with transposed convolutions.
import {
  compose,
  conv2d,
  convTranspose2d,
  flatten,
  gru,
  input,
  linear,
  named,
  relu,
  reshape,
  transformerEncoder,
} from 'pullback'
import type { Workload } from './workload.ts'

const trained = { task: 'train', activation: 'relu', optimizer: 'sgd', learningRate: 0.01, dtype: 'float32' } as const

export const e: Workload = {
  ...trained,
  name: 'e',
  about: 'a gated recurrent unit of 64 over 32 steps of 64 numbers, 64-10, softmax cross entropy, 32 examples, float32',
  kind: 'recurrent',
  network: compose(input([32, 64]), named('G', gru(64, 64, { outputs: 'last' })), named('L', linear(64, 10))),
  loss: 'softmaxCrossEntropy',
  outputs: 10,
  batch: 32,
}

export const f: Workload = {
  ...trained,
  name: 'f',
  about:
    'a block of a transformer of width 64, 4 heads, 64 steps, 4096-10, softmax cross entropy, 16 examples, float32',
  kind: 'transformer',
  network: compose(
    input([64, 64]),
    named('B', transformerEncoder(64, 4, { activation: relu })),
    flatten,
    named('L', linear(4096, 10)),
  ),
  loss: 'softmaxCrossEntropy',
  outputs: 10,
  batch: 16,
}

export const g: Workload = {
  ...trained,
  name: 'g',
  about: '28×28 images to 7×7×32 and back by two strided and two transposed convolutions, mse, 32 examples, float32',
  kind: 'autoencoder',
  network: compose(
    input([784]),
    reshape([28, 28, 1]),
    named('C1', conv2d(1, 16, { kernel: 3, stride: 2, padding: 1 })),
    relu,
    named('C2', conv2d(16, 32, { kernel: 3, stride: 2, padding: 1 })),
    relu,
    named('D1', convTranspose2d(32, 16, { kernel: 4, stride: 2, padding: 1 })),
    relu,
    named('D2', convTranspose2d(16, 1, { kernel: 4, stride: 2, padding: 1 })),
    flatten,
  ),
  loss: 'mse',
  outputs: 784,
  batch: 32,
}
