import { batchNorm, compose, conv2d, fanout, groupNorm, input, layerNorm, linear, named, rmsNorm } from 'pullback'

export const vectors = compose(linear(784, 128), named('B', batchNorm(64)))
export const images = compose(input([28, 28, 3]), named('C', conv2d(3, 8, { kernel: 3 })), named('G', groupNorm(2, 4)))
export const axes = compose(input([6, 4]), layerNorm([5, 4]))
export const rank = compose(input([4]), rmsNorm([6, 4]))
export const branches = compose(fanout({ a: linear(3, 2), b: linear(3, 2) }), batchNorm(2))
export const clash = compose(input([4]), layerNorm(4), layerNorm(4))
