import { data, train } from 'playground'
import { adamw, compose, flatten, input, linear, named, relu, softmaxCrossEntropy } from 'pullback'

// Three hidden layers of relu units: enough for the spirals.
const net = compose(
  input(data.shape),
  flatten,
  named('L1', linear(data.size, 32)),
  relu,
  named('L2', linear(32, 32)),
  relu,
  named('L3', linear(32, 16)),
  relu,
  named('L4', linear(16, data.classes)),
)

train(net, softmaxCrossEntropy, adamw(0.005), { batch: 50 })
