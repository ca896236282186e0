import { data, train } from 'playground'
import { adam, compose, flatten, input, layerNorm, linear, named, residual, silu, softmaxCrossEntropy } from 'pullback'

// Each block adds to what it is given, so the gradient has a short way back.
const block = residual(
  compose(
    named('N', layerNorm([24])), // keeps the numbers in one range
    named('A', linear(24, 24)),
    silu,
    named('B', linear(24, 24)),
  ),
)

const net = compose(
  input(data.shape),
  flatten,
  named('L1', linear(data.size, 24)),
  named('R1', block),
  named('R2', block),
  named('L2', linear(24, data.classes)),
)

train(net, softmaxCrossEntropy, adam(0.005), { batch: 50 })
