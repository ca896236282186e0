import { compose, dim, input, linear, named, relu } from 'pullback'

const hidden = dim('hidden', 32)
const other = dim('other', 16)
export const inner = compose(named('L1', linear(784, 128)), relu, named('L2', linear(64, 10)))
export const clash = compose(linear(3, 2), relu, linear(2, 1))
export const twice = compose(named('L', linear(3, 2)), named('L', linear(2, 1)))
export const pinned = compose(input([28]), relu, linear(700, 10))
export const names = compose(named('a', linear(784, hidden)), relu, named('b', linear(other, 10)))
export const size = compose(named('a', linear(784, hidden)), relu, named('b', linear(32, 10)))
export const rank = compose(input([28, 28]), linear(784, 10))
