// Products of matrices.
import { add } from '../../op/elementwise/add.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { affine } from '../../op/linear/affine.ts'
import { matmul } from '../../op/linear/matmul.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { transpose } from '../../op/shape/transpose.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { floatsOf, formatOf, ofTensor, type Value } from '../value.ts'
import { broadcastDims, type Operator, type Operators } from './operator.ts'

type Matrix = Tensor<readonly [number, number]>

/** As NumPy multiplies: vectors stand for a row or a column, and the axes before the last two repeat. */
const product: Operator = (node) => (x, y) => {
  const [u, v] = [x as Value, y as Value]
  const dtype = formatOf(u) ?? formatOf(v) ?? 'float32'
  const left = u.dims.length === 1 ? [1, ...u.dims] : u.dims
  const right = v.dims.length === 1 ? [...v.dims, 1] : v.dims
  const [a, b] = [
    reshape(floatsOf(u, dtype), left as never) as Tensor,
    reshape(floatsOf(v, dtype), right as never) as Tensor,
  ]
  const lead = broadcastDims(left.slice(0, -2), right.slice(0, -2))
  const [rows, columns] = [left.at(-2) as number, right.at(-1) as number]
  node.room([...lead, rows, columns])
  const repeated = (t: Tensor, dims: Shape) => broadcast(t, [...lead, ...dims.slice(-2)]) as Tensor
  const made =
    right.length === 2
      ? matmul(reshape(a, [-1, left.at(-1) as number] as never) as Matrix, b as Matrix)
      : matmul(repeated(a, left), repeated(b, right) as never)
  const dims = [...lead, ...(u.dims.length === 1 ? [] : [rows]), ...(v.dims.length === 1 ? [] : [columns])]
  return [ofTensor(reshape(made, dims as never))]
}

/** alpha · A · B + beta · C, with A and B as they are or transposed. */
const gemm: Operator = (node) => {
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)]
  const [turnA, turnB] = [node.int('transA', 0) !== 0, node.int('transB', 0) !== 0]
  return (x, y, c) => {
    const dtype = formatOf(x as Value) ?? formatOf(y as Value) ?? 'float32'
    const turned = (v: Value, turn: boolean): Matrix =>
      (turn ? transpose(floatsOf(v, dtype)) : floatsOf(v, dtype)) as unknown as Matrix
    const a = turned(x as Value, turnA)
    if (alpha === 1 && beta === 1 && c !== undefined && c.dims.length === 1 && c.dims[0] !== 1)
      return [ofTensor(affine(a, turned(y as Value, !turnB), floatsOf(c, dtype) as never))]
    const b = turned(y as Value, turnB)
    const scaled = (t: Tensor, k: number): Tensor => (k === 1 ? t : scale(t, k))
    const made = scaled(matmul(a, b as never) as Tensor, alpha)
    if (c === undefined || beta === 0) return [ofTensor(made)]
    return [ofTensor(add(made, scaled(broadcast(floatsOf(c, dtype), made.shape) as Tensor, beta)))]
  }
}

export const linear: Operators = { MatMul: product, Gemm: gemm }
