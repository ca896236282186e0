// Operators that sort, sum products by letters, or take triangles.

import { abs } from '../../op/elementwise/abs.ts'
import { div } from '../../op/elementwise/div.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { neg } from '../../op/elementwise/neg.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { oneHot } from '../../op/indexing/oneHot.ts'
import { einsum } from '../../op/linear/einsum.ts'
import { topK } from '../../op/reduce/sort.ts'
import { broadcast, sum } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { moveBack } from '../../op/shape/transpose.ts'
import { tril, triu } from '../../op/shape/triangle.ts'
import type { Tensor } from '../../type/tensor.ts'
import { floatsOf, formatOf, ofTensor, type Value } from '../value.ts'
import { axisIn, knownOf, needKnown, type Operator, type Operators } from './operator.ts'
import { indicesOf } from './part.ts'

/** The largest or smallest entries along an axis in order, and their indices. */
const top: Operator = (node) => {
  const [axis, isLargest] = [node.int('axis', -1), node.opset < 11 || node.int('largest', 1) !== 0]
  if (node.opset >= 11) node.int('sorted', 1)
  const old = node.opset < 10 ? node.int('k', 1) : undefined
  needKnown(node, 1, 'a number of entries')
  return (x, count) => {
    const v = x as Value
    const k = old ?? (knownOf(node, 1, count)[0] as number)
    const at = axisIn(axis, v.dims.length)
    const t = floatsOf(v)
    const { values, indices } = topK(isLargest ? t : neg(t), k, at as never)
    return [ofTensor(isLargest ? values : neg(values), v.kind), ofTensor(indices, 'int')]
  }
}

const sumOfProducts: Operator = (node) => {
  const equation = node.text('equation', '').replaceAll(' ', '')
  if (!/^[a-zA-Z,]+->[a-zA-Z]*$/.test(equation)) node.refuse(`the equation '${equation}'`)
  return (...given) => {
    const values = given as readonly Value[]
    const like = values.map(formatOf).find((format) => format !== undefined) ?? 'float32'
    return [ofTensor(einsum(equation, ...values.map((v) => floatsOf(v, like))))]
  }
}

const triangle: Operator = (node) => {
  const isUpper = node.int('upper', 1) !== 0
  needKnown(node, 1, 'a diagonal')
  return (x, diagonal) => {
    const v = x as Value
    const k = diagonal === undefined ? 0 : (knownOf(node, 1, diagonal)[0] as number)
    return [ofTensor((isUpper ? triu : tril)(floatsOf(v) as never, k), v.kind)]
  }
}

/** A row for each index, of one number with another at the index; negative indices count from the end. */
const oneHotRows: Operator = (node) => {
  const axis = node.int('axis', -1)
  needKnown(node, 1, 'a depth')
  needKnown(node, 2, 'values')
  return (index, depth, values) => {
    const v = index as Value
    const n = knownOf(node, 1, depth)[0] as number
    const [off = 0, on = 1] = knownOf(node, 2, values)
    const at = axisIn(axis, v.dims.length + 1)
    node.room([...v.dims, n])
    const flat = reshape(indicesOf(v, n), [-1] as never)
    const rows = shift(scale(oneHot(flat as never, n) as Tensor, on - off), off)
    return [ofTensor(moveBack(reshape(rows, [...v.dims, n] as never) as Tensor, at), (values as Value).kind)]
  }
}

/** Each entry divided by the norm along an axis. */
const normalized: Operator = (node) => {
  const [axis, p] = [node.int('axis', -1), node.int('p', 2)]
  if (p !== 1 && p !== 2) node.refuse(`the norm ${p}`)
  return (x) => {
    const v = x as Value
    const t = floatsOf(v)
    const along = [axisIn(axis, v.dims.length)] as never
    const size =
      p === 1 ? (sum(abs(t), along, { keep: true }) as Tensor) : sqrt(sum(mul(t, t), along, { keep: true }) as Tensor)
    return [ofTensor(div(t, broadcast(size, t.shape) as Tensor))]
  }
}

export const furtherOperators: Operators = {
  TopK: top,
  Einsum: sumOfProducts,
  Trilu: triangle,
  OneHot: oneHotRows,
  LpNormalization: normalized,
}
