// The workload with convolutions.
import { compose, conv2d, flatten, input, linear, maxPool2d, named, relu } from 'pullback'
import type { Workload } from './workload.ts'

export const d: Workload = {
  name: 'd',
  about: '28×28 images, 2 × (convolution 3×3, ReLU, pooling 2), 1568-10, softmax cross entropy, 32 examples, float32',
  task: 'train',
  kind: 'convolutional',
  activation: 'relu',
  network: compose(
    input([28, 28, 1]),
    named('C1', conv2d(1, 16, { kernel: 3, padding: 1 })),
    relu,
    maxPool2d(2),
    named('C2', conv2d(16, 32, { kernel: 3, padding: 1 })),
    relu,
    maxPool2d(2),
    flatten,
    named('L', linear(1568, 10)),
  ),
  optimizer: 'sgd',
  learningRate: 0.01,
  loss: 'softmaxCrossEntropy',
  outputs: 10,
  dtype: 'float32',
  batch: 32,
}
