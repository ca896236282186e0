import { apply, init, key, linear, predict, type Tensor, zeros } from 'pullback'

const layer = linear(784, 10)
const variables = init(layer, key(0))
export const unknown = predict(layer, variables, zeros([4, 784]) as unknown as Tensor<readonly [number, number]>)
export const unknownRank = apply(layer, variables, { mode: 'eval' }, zeros([4, 784]) as unknown as Tensor)
export const other = predict(layer, variables, zeros([4, 100]))
export const vector = apply(layer, variables, { mode: 'eval' }, zeros([784]))
