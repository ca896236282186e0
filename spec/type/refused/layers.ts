import {
  attention,
  compose,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  dim,
  embedding,
  flatten,
  gru,
  input,
  learnedPosition,
  linear,
  maxout,
  maxPool2d,
  named,
  relu,
} from 'pullback'

const hidden = dim('hidden', 32)
const other = dim('other', 16)
export const inner = compose(named('L1', linear(784, 128)), relu, named('L2', linear(64, 10)))
export const clash = compose(linear(3, 2), relu, linear(2, 1))
export const twice = compose(named('L', linear(3, 2)), named('L', linear(2, 1)))
export const pinned = compose(input([28]), relu, linear(700, 10))
export const names = compose(named('a', linear(784, hidden)), relu, named('b', linear(other, 10)))
export const size = compose(named('a', linear(784, hidden)), relu, named('b', linear(32, 10)))
export const rank = compose(input([28, 28]), linear(784, 10))
export const channels = compose(input([28, 28, 1]), conv2d(3, 8, { kernel: 3 }))
export const kernel = compose(input([3, 3, 1]), conv2d(1, 8, { kernel: 5, padding: 0 }))
export const pooled = compose(
  input([28, 28, 1]),
  named('C', conv2d(1, 16, { kernel: 3, padding: 1 })),
  relu,
  maxPool2d(2),
  flatten,
  named('L', linear(784, 10)),
)
export const channelGroups = conv2d(3, 8, { kernel: 3, groups: 2 })
export const kernelGroups = conv1d(4, 6, { kernel: 3, groups: 4 })
export const dilated = compose(input([4, 9, 1]), conv2d(1, 8, { kernel: 3, dilation: 2 }))
const towers = [1, 2].map(() => linear(4, 4))
export const listed = compose(...towers)
export const after = compose(named('first', linear(4, 4)), ...towers)
export const short = compose(input([4, 2]), conv1d(2, 8, { kernel: 5 }))

export const tokens = compose(input([16]), embedding(30, 8))
export const heads = attention(16, 3)

export const empty = compose(input([0, 3]), gru(3, 4))
export const masks = compose(input({ input: [4, 2], mask: [5] }), gru(2, 3, { masked: true, carry: 'out' }))
export const carries = compose(input({ input: [4, 2], carry: [5] }), gru(2, 3, { carry: 'in' }))
export const places = compose(input([20, 8]), learnedPosition(10, 8))
export const pieces = compose(input([3]), maxout(2))
export const extra = convTranspose1d(2, 3, { kernel: 4, outputPadding: 3 })
export const extras = convTranspose2d(2, 3, { kernel: 4, stride: [4, 2], outputPadding: [3, 2] })
