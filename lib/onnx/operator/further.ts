// Operators that sort, sum products by letters, or take triangles.

import { neg } from '../../op/elementwise/neg.ts'
import { einsum } from '../../op/linear/einsum.ts'
import { topK } from '../../op/reduce/sort.ts'
import { tril, triu } from '../../op/shape/triangle.ts'
import { floatsOf, formatOf, ofTensor, type Value } from '../value.ts'
import { axisIn, knownOf, needKnown, type Operator, type Operators } from './operator.ts'

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

export const furtherOperators: Operators = { TopK: top, Einsum: sumOfProducts, Trilu: triangle }
