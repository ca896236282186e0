import { fromNested, op, type Tensor } from 'pullback'

declare const a: Tensor<readonly [2, 3]>
declare const b: Tensor<readonly [3, 2]>
export const sum = op.add(a, b)
export const product = op.matmul(a, a)
export const reshaped = op.reshape(a, [4, 2])
export const formats = op.add(fromNested([1]), fromNested([1], 'float64'))
export const axis = op.sum(a, 2)
export const label = op.gather(a, a)
export const picked = op.pick(a, fromNested([1, 2, 0], 'int32'))
