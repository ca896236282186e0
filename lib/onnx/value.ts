// What flows through a graph: tensors with their axes as ONNX has them, or channels last, and numbers that are known.

import { reshape } from '../op/shape/reshape.ts'
import { transpose } from '../op/shape/transpose.ts'
import { arrays, type Data } from '../tensor/data.ts'
import { sizeOf } from '../tensor/shape.ts'
import { fresh } from '../tensor/view.ts'
import type { AnyTensor, DType, Shape, Tensor } from '../type/tensor.ts'

/** Truth values are floats, 1 or 0. */
export type Kind = 'float' | 'int' | 'bool'

/**
 * A value of a graph. Between layers of convolutional networks channels stay last, as our kernels have them, so that
 * nothing is moved; whatever asks for the axes as ONNX has them gets a view.
 */
export interface Value {
  readonly kind: Kind
  /** The sizes in the order of ONNX: [batch, channels, …]. */
  readonly dims: Shape
  readonly tensor?: AnyTensor | undefined
  /** The same with the channels last, [batch, …, channels], instead of the tensor. */
  readonly last?: Tensor | undefined
  /** The numbers in row-major order, if they are known without running the network: constants, sizes, indices. */
  readonly numbers?: ArrayLike<number> | undefined
}

export const ofTensor = (tensor: AnyTensor, kind: Kind = 'float'): Value => ({ kind, dims: tensor.shape, tensor })
export const ofNumbers = (dims: Shape, numbers: ArrayLike<number>, kind: Kind = 'int'): Value => ({
  kind,
  dims,
  numbers,
})

/** A tensor with its channels last as a value. */
export const ofLast = (last: Tensor, kind: Kind = 'float'): Value => {
  const [batch = 0, ...rest] = last.shape
  const channels = rest.pop() as number
  return { kind, dims: [batch, channels, ...rest], last }
}

/** [batch, …, channels] from [batch, channels, …], and back. */
const toLast = (x: Tensor): Tensor => transpose(x, [0, ...[...x.shape.keys()].slice(2), 1]) as Tensor
const fromLast = (x: Tensor): Tensor => {
  const n = x.shape.length - 1
  return transpose(x, [0, n, ...[...x.shape.keys()].slice(1, n)]) as Tensor
}

/** The tensor of a value with its axes in the order of ONNX. Known numbers take the given format. */
export const tensorOf = ({ kind, dims, tensor, last, numbers }: Value, like: DType = 'float32'): AnyTensor => {
  if (tensor !== undefined) return tensor
  if (last !== undefined) return fromLast(last)
  const dtype = kind === 'int' ? 'int32' : like === 'int32' ? 'float32' : like
  return fresh(dims, arrays[dtype].from(numbers as ArrayLike<number>) as Data) as AnyTensor
}

/** The tensor of a value that must hold floats. */
export const floatsOf = (v: Value, like?: DType): Tensor => tensorOf(v, like) as Tensor

/** The tensor of a value with the channels last; of fewer than `rank` axes, ones are put in front. */
export const lastOf = (v: Value, rank = v.dims.length, like?: DType): Tensor => {
  if (v.last !== undefined && v.dims.length === rank) return v.last
  const x = floatsOf(v, like)
  const full = rank > x.shape.length ? reshape(x, [...Array(rank - x.shape.length).fill(1), ...x.shape]) : x
  return toLast(full as Tensor)
}

/** The number format of a value's floats, if it is a tensor. */
export const formatOf = ({ tensor, last }: Value): DType | undefined => (tensor ?? last)?.dtype

/** A value with a function applied to each entry. */
export const mapped = ({ dims, tensor, last }: Value, f: (x: Tensor) => Tensor, kind: Kind = 'float'): Value => ({
  kind,
  dims,
  tensor: tensor && f(tensor as Tensor),
  last: last && f(last),
})

/** The number that a value of one number holds, if it is known. */
export const scalarOf = ({ dims, numbers }: Value): number | undefined =>
  numbers !== undefined && sizeOf(dims) === 1 ? numbers[0] : undefined
