import { data, train } from 'playground'
import { adam, compose, conv2d, flatten, input, linear, maxPool2d, named, relu, softmaxCrossEntropy } from 'pullback'

// For pictures: choose the digits. The kernels of C1 become detectors of edges, and C2 joins them.
const net = compose(
  input(data.shape),
  named('C1', conv2d(1, 8, { kernel: 5, padding: 'same' })),
  relu,
  maxPool2d(2),
  named('C2', conv2d(8, 16, { kernel: 3, padding: 'same' })),
  relu,
  maxPool2d(2),
  flatten,
  named('L1', linear(784, data.classes)),
)

train(net, softmaxCrossEntropy, adam(0.003), { batch: 50 })
