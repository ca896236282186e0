// Normalization of channels, of groups of channels, and of the last axes.

import { untraced } from '../../diff/untraced.ts'
import { ShapeError } from '../../error/tensorError.ts'
import type { Normalization } from '../../kernel/kernels.ts'
import { add } from '../../op/elementwise/add.ts'
import { div } from '../../op/elementwise/div.ts'
import { exp } from '../../op/elementwise/exp.ts'
import { log } from '../../op/elementwise/log.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale as scaled, shift as shifted } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { moments, normalize, normalizeBy } from '../../op/normalize/normalize.ts'
import { broadcast, mean, spread } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { slice } from '../../op/shape/slice.ts'
import { zeros } from '../../tensor/create.ts'
import { sameDType } from '../../tensor/data.ts'
import { showShape, sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'
import { floatsOf, lastOf, ofLast, ofTensor, type Value } from '../value.ts'
import { axisIn, type Operator, type Operators } from './operator.ts'
import { padded } from './part.ts'

/** A vector with a number for each column. */
const columnOf = (op: string, v: Value, n: number, like: Tensor): Tensor => {
  const x = floatsOf(v, like.dtype)
  sameDType(op, like, x)
  if (x.shape.length !== 1 || x.shape[0] !== n)
    throw new ShapeError({ op, expected: `[${n}]`, actual: showShape(x.shape) })
  return x
}

/** A value as a matrix with a row for each place and a column for each channel, and back. */
const channelsOf = (v: Value): readonly [rows: Tensor, back: (y: Tensor) => Value] => {
  if (v.dims.length < 3) return [floatsOf(v), (y) => ofTensor(y)]
  const x = lastOf(v)
  const n = x.shape.at(-1) as number
  return [reshape(x, [-1, n] as never) as Tensor, (y) => ofLast(reshape(y, x.shape as never) as Tensor)]
}

/** By the running moments of the file, in training too. */
const batch: Operator = (node) => {
  const epsilon = node.float('epsilon', 1e-5)
  node.float('momentum', 0.9)
  if (node.int('training_mode', 0) !== 0) node.refuse('training_mode')
  if (node.int('spatial', 1) === 0) node.refuse('spatial 0')
  if (node.outputs > 1) node.refuse('running moments as outputs')
  return (x, ...given) => {
    const v = x as Value
    const [rows, back] = channelsOf(v)
    const n = rows.shape[1] as number
    const [scale, shift, mean, variance] = given.map((g) => columnOf(node.op, g as Value, n, rows)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ]
    const o: Normalization = { blocks: 1, groups: n, centered: true, epsilon }
    return [back(normalizeBy(rows, scale, shift, untraced(mean), untraced(variance), o))]
  }
}

/** Groups of the channels of each example, by their own moments. */
const grouped = (v: Value, groups: number, scale: Tensor, shift: Tensor, epsilon: number): Value => {
  const [rows, back] = channelsOf(v)
  const o: Normalization = { blocks: v.dims[0] as number, groups, centered: true, epsilon }
  return back(normalize(rows, scale, shift, ...moments(untraced(rows), o), o))
}

const instance: Operator = (node) => {
  const epsilon = node.float('epsilon', 1e-5)
  return (x, scale, shift) => {
    const v = x as Value
    const n = v.dims[1] as number
    const like = floatsOf(v)
    return [
      grouped(v, n, columnOf(node.op, scale as Value, n, like), columnOf(node.op, shift as Value, n, like), epsilon),
    ]
  }
}

/** The scale and shift belong to groups up to version 20, to channels since. */
const group: Operator = (node) => {
  const [epsilon, groups] = [node.float('epsilon', 1e-5), node.int('num_groups', 1)]
  node.int('stash_type', 1)
  return (x, scale, shift) => {
    const v = x as Value
    const n = v.dims[1] as number
    if (n % groups !== 0)
      throw new ShapeError({ op: node.op, expected: `groups that divide ${n} channels`, actual: `${groups}` })
    const like = floatsOf(v)
    const each = (g: Value): Tensor => {
      if (node.opset >= 21) return columnOf(node.op, g, n, like)
      const of = columnOf(node.op, g, groups, like)
      return reshape(spread(of, [1], [groups, n / groups]), [n] as never) as Tensor
    }
    return [grouped(v, groups, each(scale as Value), each(shift as Value), epsilon)]
  }
}

/** The last axes by their own moments, or by their mean square alone. */
const layer =
  (centered: boolean): Operator =>
  (node) => {
    const [axis, epsilon] = [node.int('axis', -1), node.float('epsilon', 1e-5)]
    node.int('stash_type', 1)
    if (node.outputs > 1) node.refuse('moments as outputs')
    return (x, scale, shift) => {
      const v = x as Value
      const at = axisIn(axis, v.dims.length)
      const shape = v.dims.slice(at)
      const [m, n] = [sizeOf(v.dims.slice(0, at)), sizeOf(shape)]
      const rows = reshape(floatsOf(v), [m, n] as never) as Tensor
      const each = (g: Value | undefined): Tensor =>
        g === undefined
          ? (zeros([n], rows.dtype) as Tensor)
          : (reshape(broadcast(floatsOf(g, rows.dtype), shape), [n] as never) as Tensor)
      const o: Normalization = { blocks: m, groups: 1, centered, epsilon }
      const y = normalize(rows, each(scale), each(shift), ...moments(untraced(rows), o), o)
      return [ofTensor(reshape(y, v.dims as never))]
    }
  }

/** Entries less their mean over some axes, divided by their deviation over these. */
const standardized: Operator = (node) => {
  const axes = node.ints('axes') ?? [0, 2, 3]
  return (x) => {
    const t = floatsOf(x as Value)
    const over = axes.map((axis) => axisIn(axis, t.shape.length))
    const meanOf = (of: Tensor): Tensor => mean(of, over as never) as Tensor
    const centered = sub(t, spread(meanOf(t), over, t.shape) as Tensor)
    const deviation = shifted(sqrt(meanOf(mul(centered, centered))), 1e-9)
    return [ofTensor(div(centered, spread(deviation, over, t.shape) as Tensor))]
  }
}

/** Each entry divided by a power of the mean square of its channel's neighbors. */
const response: Operator = (node) => {
  const [alpha, beta] = [node.float('alpha', 1e-4), node.float('beta', 0.75)]
  const [bias, size] = [node.float('bias', 1), node.int('size', 1)]
  return (x) => {
    const last = lastOf(x as Value)
    const axis = last.shape.length - 1
    const n = last.shape[axis] as number
    const before = Math.floor((size - 1) / 2)
    const squares = padded(mul(last, last), axis, before, size - 1 - before, 0) as Tensor
    const windows = Array.from({ length: size }, (_, i) =>
      slice(squares, [...Array(axis).fill(null), [i, i + n]] as never),
    ) as readonly Tensor[]
    const sums = windows.reduce((a, b) => add(a, b))
    const power = exp(scaled(log(shifted(scaled(sums, alpha / size), bias)), beta))
    return [ofLast(div(last, power))]
  }
}

export const normalization: Operators = {
  LRN: response,
  BatchNormalization: batch,
  InstanceNormalization: instance,
  GroupNormalization: group,
  LayerNormalization: layer(true),
  RMSNormalization: layer(false),
  MeanVarianceNormalization: standardized,
}
