import { data, train } from 'playground'
import { adam, compose, flatten, input, linear, named, softmaxCrossEntropy, tanh } from 'pullback'

// Sixteen units each draw a line; the last layer joins them into regions.
const net = compose(
  input(data.shape),
  flatten,
  named('L1', linear(data.size, 16)),
  tanh,
  named('L2', linear(16, data.classes)),
)

train(net, softmaxCrossEntropy, adam(0.02), { batch: 50 })
