import {
  compose,
  contramap,
  define,
  each,
  fanout,
  input,
  join,
  linear,
  named,
  relu,
  repeat,
  reshape,
  residual,
  split,
  tanh,
} from 'pullback'

export const branches = fanout({ a: linear(5, 4), b: compose(linear(6, 4), tanh) })
export const shapes = compose(fanout({ a: linear(5, 4), b: linear(5, 3) }), join.sum)
export const ranks = compose(each({ a: input([2, 3]), b: input([4, 5]) }), join.concat)
export const single = compose(linear(5, 4), join.sum)
export const back = residual(linear(5, 4))
export const depth = repeat(3, compose(linear(5, 4), relu))
export const size = compose(linear(5, 6), reshape([2, 4]))
export const parts = compose(linear(5, 6), split({ a: 2, b: 3 }))
export const extra = compose(fanout({ a: linear(5, 4), b: linear(5, 4) }), named('e', each({ a: linear(4, 1) })))
export const mapped = contramap([3], (x) => x, linear(4, 2))
export const called = define([5], { L: linear(4, 2) }, (x, { L }) => L(x))
export const tree = define([5], { L: linear(5, 2) }, () => 3)
