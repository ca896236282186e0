// Operators that reduce axes, and those that work along one.
import { untraced } from '../../diff/untraced.ts'
import { abs } from '../../op/elementwise/abs.ts'
import { log } from '../../op/elementwise/log.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { neg } from '../../op/elementwise/neg.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { oneHot } from '../../op/indexing/oneHot.ts'
import { cumsum } from '../../op/reduce/cumsum.ts'
import { argmax, max } from '../../op/reduce/max.ts'
import { prod } from '../../op/reduce/prod.ts'
import { logSoftmax, logSumExp, softmax } from '../../op/reduce/softmax.ts'
import { mean, sum } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { moveBack, transpose } from '../../op/shape/transpose.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'
import { floatsOf, ofTensor, type Value } from '../value.ts'
import { axisIn, knownOf, needKnown, type Operator, type Operators } from './operator.ts'
import { axesBy, reshaped } from './shape.ts'

type Reduction = (x: Tensor, axes: readonly number[]) => Tensor

/** The axes that are reduced as one, behind the others. */
const behind = (x: Tensor, axes: readonly number[]): Tensor => {
  const kept = [...x.shape.keys()].filter((i) => !axes.includes(i))
  const rows = kept.map((i) => x.shape[i] as number)
  const n = sizeOf(axes.map((i) => x.shape[i] as number))
  return reshape(transpose(x, [...kept, ...axes] as never), [...rows, n] as never) as Tensor
}

const total: Reduction = (x, axes) => sum(x, axes as never) as Tensor

const reductions: Readonly<Record<string, Reduction>> = {
  ReduceSum: total,
  ReduceProd: (x, axes) => prod(x, axes as never) as Tensor,
  ReduceMean: (x, axes) => mean(x, axes as never) as Tensor,
  ReduceMax: (x, axes) => max(x, axes as never) as Tensor,
  ReduceMin: (x, axes) => neg(max(neg(x), axes as never) as Tensor),
  ReduceL1: (x, axes) => total(abs(x), axes),
  ReduceL2: (x, axes) => sqrt(total(mul(x, x), axes)),
  ReduceSumSquare: (x, axes) => total(mul(x, x), axes),
  ReduceLogSum: (x, axes) => log(total(x, axes)),
  ReduceLogSumExp: (x, axes) => logSumExp(behind(x, axes)) as Tensor,
}

const reduced =
  (f: Reduction, since: number): Operator =>
  (node) => {
    const keep = node.int('keepdims', 1) !== 0
    const isWhole = node.int('noop_with_empty_axes', 0) === 0
    const axes = axesBy(node, since)
    return (x, given) => {
      const v = x as Value
      const found = axes(given) ?? []
      if (found.length === 0 && !isWhole) return [v]
      const over = found.length === 0 ? [...v.dims.keys()] : found.map((a) => axisIn(a, v.dims.length))
      const y = ofTensor(f(floatsOf(v), over), v.kind)
      return [
        keep
          ? reshaped(
              y,
              v.dims.map((n, i) => (over.includes(i) ? 1 : n)),
            )
          : y,
      ]
    }
  }

/** Sums along one axis up to each entry. */
const running: Operator = (node) => {
  for (const name of ['exclusive', 'reverse']) if (node.int(name, 0) !== 0) node.refuse(name)
  needKnown(node, 1, 'an axis')
  return (x, axis) => {
    const v = x as Value
    const at = axisIn(knownOf(node, 1, axis)[0] as number, v.dims.length)
    return [ofTensor(cumsum(floatsOf(v), at as never) as Tensor, v.kind)]
  }
}

const argument =
  (sign: 1 | -1): Operator =>
  (node) => {
    const [axis, keep] = [node.int('axis', 0), node.int('keepdims', 1) !== 0]
    if (node.int('select_last_index', 0) !== 0) node.refuse('select_last_index')
    return (x) => {
      const v = x as Value
      const at = axisIn(axis, v.dims.length)
      const y = ofTensor(argmax(sign === 1 ? floatsOf(v) : neg(floatsOf(v)), at as never), 'int')
      return [
        keep
          ? reshaped(
              y,
              v.dims.map((n, i) => (i === at ? 1 : n)),
            )
          : y,
      ]
    }
  }

/** Up to version 12 the axes from one on are taken as one row; since, it is one axis. */
const alongRows =
  (f: typeof softmax): Operator =>
  (node) => {
    const axis = node.int('axis', node.opset < 13 ? 1 : -1)
    return (x) => {
      const v = x as Value
      const at = axisIn(axis, v.dims.length)
      const t = floatsOf(v)
      if (node.opset >= 13) return [ofTensor(f(t, at as never))]
      const rows = reshape(t, [sizeOf(v.dims.slice(0, at)), sizeOf(v.dims.slice(at))] as never)
      return [ofTensor(reshape(f(rows as Tensor), v.dims as never))]
    }
  }

/** 1 at the first of the largest entries along an axis, else 0. */
const hardmax = (x: Tensor, axis: number = -1): Tensor => {
  const at = axisIn(axis, x.shape.length)
  const rows = oneHot(argmax(untraced(x), at as never) as never, x.shape[at] as number, x.dtype)
  return moveBack(rows as Tensor, at)
}

export const reduce: Operators = {
  ...Object.fromEntries(
    Object.entries(reductions).map(([name, f]) => [name, reduced(f, name === 'ReduceSum' ? 13 : 18)]),
  ),
  CumSum: running,
  ArgMax: argument(1),
  ArgMin: argument(-1),
  Softmax: alongRows(softmax),
  LogSoftmax: alongRows(logSoftmax),
  Hardmax: alongRows(hardmax as typeof softmax),
}
