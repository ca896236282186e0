import { data, train } from 'playground'
import { compose, flatten, input, l2, linear, momentum, named, softmaxCrossEntropy, tanh } from 'pullback'

const net = compose(
  input(data.shape),
  flatten,
  named('L1', linear(data.size, 16)),
  tanh,
  named('L2', linear(16, data.classes)),
)

// Large weights cost something, so the boundary stays smooth where the data is noisy.
train(net, softmaxCrossEntropy, momentum(0.2), {
  batch: 50,
  penalty: l2(1e-3),
})
