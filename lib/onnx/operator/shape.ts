// Operators that change shapes, and those that make numbers of them.

import { ShapeError } from '../../error/tensorError.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { transpose } from '../../op/shape/transpose.ts'
import { checkShape, showShape, sizeOf } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import { ofNumbers, ofTensor, tensorOf, type Value } from '../value.ts'
import { axisIn, broadcastDims, knownOf, type Node, needKnown, type Operator, type Operators } from './operator.ts'

/** A value with the same numbers in row-major order, of other sizes. */
export const reshaped = (v: Value, dims: Shape): Value => {
  if (v.numbers === undefined || v.tensor !== undefined) return ofTensor(reshape(tensorOf(v), dims as never), v.kind)
  checkShape('Reshape', dims)
  if (sizeOf(dims) !== v.numbers.length)
    throw new ShapeError({ op: 'Reshape', expected: `${v.numbers.length} entries`, actual: showShape(dims) })
  return ofNumbers(dims, v.numbers, v.kind)
}

/** Sizes with 0 for those of the input, and −1 for the one that is left. */
export const resolvedDims = (from: Shape, to: readonly number[], allowZero: boolean): Shape => {
  const dims = to.map((n, i) => (n === 0 && !allowZero ? (from[i] as number) : n))
  const rest = sizeOf(dims.filter((n) => n !== -1))
  return dims.map((n) => (n === -1 ? sizeOf(from) / rest : n))
}

const reshapeOperator: Operator = (node) => {
  const allowZero = node.int('allowzero', 0) !== 0
  needKnown(node, 1, 'sizes')
  return (x, shape) => {
    const v = x as Value
    return [reshaped(v, resolvedDims(v.dims, knownOf(node, 1, shape), allowZero))]
  }
}

const flatten: Operator = (node) => {
  const axis = node.int('axis', 1)
  return (x) => {
    const v = x as Value
    const at = axisIn(axis, v.dims.length)
    return [reshaped(v, [sizeOf(v.dims.slice(0, at)), sizeOf(v.dims.slice(at))])]
  }
}

const transposeOperator: Operator = (node) => {
  const perm = node.ints('perm')
  return (x) => {
    const v = x as Value
    const order = perm ?? v.dims.map((_, i) => v.dims.length - 1 - i)
    return [ofTensor(transpose(tensorOf(v), order as never), v.kind)]
  }
}

/** Axes are an attribute up to version 12, an input since. */
export const axesBy = (node: Node, since: number): ((input: Value | undefined) => readonly number[] | undefined) => {
  if (node.opset < since) {
    const axes = node.ints('axes')
    return () => axes
  }
  needKnown(node, 1, 'axes')
  return (input) => (input === undefined ? undefined : knownOf(node, 1, input))
}

const squeeze: Operator = (node) => {
  const axes = axesBy(node, 13)
  return (x, given) => {
    const v = x as Value
    const at = axes(given)?.map((a) => axisIn(a, v.dims.length))
    return [
      reshaped(
        v,
        v.dims.filter((n, i) => (at === undefined ? n !== 1 : !at.includes(i))),
      ),
    ]
  }
}

const unsqueeze: Operator = (node) => {
  const axes = axesBy(node, 13)
  return (x, given) => {
    const v = x as Value
    const added = axes(given) ?? []
    const rank = v.dims.length + added.length
    const at = added.map((a) => axisIn(a, rank))
    const rest = [...v.dims]
    return [
      reshaped(
        v,
        Array.from({ length: rank }, (_, i) => (at.includes(i) ? 1 : (rest.shift() as number))),
      ),
    ]
  }
}

const expand: Operator = (node) => {
  needKnown(node, 1, 'sizes')
  return (x, shape) => {
    const v = x as Value
    const dims = broadcastDims(v.dims, knownOf(node, 1, shape))
    node.room(dims)
    return [ofTensor(broadcast(tensorOf(v), dims), v.kind)]
  }
}

/** Each axis repeated as a whole. */
const tile: Operator = (node) => {
  needKnown(node, 1, 'repeats')
  return (x, repeats) => {
    const v = x as Value
    const times = knownOf(node, 1, repeats)
    const dims = v.dims.map((n, i) => n * (times[i] ?? 1))
    node.room(dims)
    const apart = reshape(tensorOf(v), v.dims.flatMap((n) => [1, n]) as never)
    const spread = broadcast(
      apart,
      v.dims.flatMap((n, i) => [times[i] ?? 1, n]),
    )
    return [ofTensor(reshape(spread, dims as never), v.kind)]
  }
}

const shape: Operator = (node) => {
  const [start, end] = [node.int('start', 0), node.int('end', Number.MAX_SAFE_INTEGER)]
  return (x) => {
    const part = (x as Value).dims.slice(start, end)
    return [ofNumbers([part.length], part)]
  }
}

const constant: Operator = (node) => {
  const value = node.tensor('value')
  const [f, i] = [node.floats('value_floats'), node.ints('value_ints')]
  const [one, whole] = [node.float('value_float', Number.NaN), node.int('value_int', Number.NaN)]
  const lists = f === undefined ? i && ofNumbers([i.length], i) : ofNumbers([f.length], f, 'float')
  const single = Number.isNaN(one) ? ofNumbers([], [whole]) : ofNumbers([], [one], 'float')
  const found = value ?? lists ?? single
  if (found === single && Number.isNaN(one) && Number.isNaN(whole)) node.refuse('no numbers')
  return () => [found]
}

const constantOfShape: Operator = (node) => {
  const value = node.tensor('value') ?? ofNumbers([1], [0], 'float')
  needKnown(node, 0, 'sizes')
  return (dims) => {
    const to = knownOf(node, 0, dims)
    node.room(to)
    return [ofNumbers(to, new Float64Array(sizeOf(to)).fill(value.numbers?.[0] ?? 0), value.kind)]
  }
}

const range: Operator = (node) => {
  for (const i of [0, 1, 2]) needKnown(node, i, 'bounds')
  return (...bounds) => {
    const [start = 0, limit = 0, delta = 1] = bounds.map((v, i) => knownOf(node, i, v)[0])
    const n = Math.max(0, Math.ceil((limit - start) / delta))
    node.room([n])
    return [
      ofNumbers(
        [n],
        Float64Array.from({ length: n }, (_, i) => start + i * delta),
        (bounds[0] as Value).kind,
      ),
    ]
  }
}

export const shapes: Operators = {
  Identity: () => (x) => [x as Value],
  Reshape: reshapeOperator,
  Flatten: flatten,
  Transpose: transposeOperator,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Expand: expand,
  Tile: tile,
  Shape: shape,
  Size: () => (x) => [ofNumbers([], [sizeOf((x as Value).dims)])],
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
}
