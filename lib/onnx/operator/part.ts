// Operators that take parts, join them, or put numbers around them.

import { ShapeError } from '../../error/tensorError.ts'
import { gather } from '../../op/indexing/gather.ts'
import { takeAlong } from '../../op/indexing/takeAlong.ts'
import { concat } from '../../op/shape/concat.ts'
import { slice } from '../../op/shape/slice.ts'
import { transpose } from '../../op/shape/transpose.ts'
import { full } from '../../tensor/create.ts'
import type { Range } from '../../tensor/views.ts'
import type { AnyTensor, DType, Tensor } from '../../type/tensor.ts'
import { formatOf, ofNumbers, ofTensor, scalarOf, tensorOf, type Value } from '../value.ts'
import { axisIn, knownOf, type Node, needKnown, type Operator, type Operators } from './operator.ts'

/** The range of a slice as ours, which clips nothing: starts and ends beyond an axis are those of the axis. */
const rangeOf = (n: number, start: number, end: number, step: number): Range => {
  const clipped = (i: number, low: number, high: number): number => Math.min(high, Math.max(low, i < 0 ? i + n : i))
  if (step > 0) {
    const [first, last] = [clipped(start, 0, n), clipped(end, 0, n)]
    return [first, Math.max(first, last), step]
  }
  const [first, last] = [clipped(start, -1, n - 1), clipped(end, -1, n - 1)]
  if (first <= last || n === 0) return [0, 0, 1]
  return last < 0 ? [first, null, step] : [first, last, step]
}

/** Starts and ends are attributes up to version 9, inputs since. */
const sliceOperator: Operator = (node) => {
  const old = node.opset < 10 ? [node.ints('starts'), node.ints('ends'), node.ints('axes')] : undefined
  for (const i of [1, 2, 3, 4]) needKnown(node, i, 'ranges')
  return (x, ...given) => {
    const v = x as Value
    const [starts = [], ends = [], axes, steps] =
      old ?? given.map((part, i) => (part === undefined ? undefined : knownOf(node, i + 1, part)))
    const ranges: Range[] = v.dims.map(() => null)
    starts.forEach((start, i) => {
      const axis = axisIn(axes?.[i] ?? i, v.dims.length)
      ranges[axis] = rangeOf(v.dims[axis] as number, start, ends[i] as number, steps?.[i] ?? 1)
    })
    return [ofTensor(slice(tensorOf(v), ranges as never), v.kind)]
  }
}

/** Parts along an axis: of given sizes, or as equal as they can be. */
const split: Operator = (node) => {
  const axis = node.int('axis', 0)
  const old = node.opset < 13 ? node.ints('split') : undefined
  const count = node.opset < 18 ? node.outputs : node.int('num_outputs', node.outputs)
  needKnown(node, 1, 'sizes')
  return (x, given) => {
    const v = x as Value
    const at = axisIn(axis, v.dims.length)
    const n = v.dims[at] as number
    const equal = Math.ceil(n / count)
    const sizes =
      old ??
      (given === undefined
        ? Array.from({ length: count }, (_, i) => Math.min(equal, n - i * equal))
        : knownOf(node, 1, given))
    if (sizes.reduce((a, b) => a + b, 0) !== n)
      throw new ShapeError({ op: 'Split', expected: `parts of ${n} entries together`, actual: `[${sizes.join(', ')}]` })
    let start = 0
    return sizes.map((size) => {
      const from = start
      start += size
      return ofTensor(slice(tensorOf(v), [...Array(at).fill(null), [from, start]] as never), v.kind)
    })
  }
}

/** Indices as int32, of which negative ones count from the end. */
export const indicesOf = (v: Value, n: number): AnyTensor => {
  if (v.numbers === undefined) return tensorOf(v)
  const wrapped = Array.from(v.numbers, (i) => (i < 0 ? i + n : i))
  return tensorOf(ofNumbers(v.dims, wrapped))
}

const gatherOperator: Operator = (node) => {
  const axis = node.int('axis', 0)
  return (x, index) => {
    const v = x as Value
    const at = axisIn(axis, v.dims.length)
    const [i, all] = [indicesOf(index as Value, v.dims[at] as number), tensorOf(v)]
    const front = transpose(all, [at, ...[...v.dims.keys()].filter((k) => k !== at)] as never)
    const found = gather(front as Tensor, i as never)
    const [m, rank] = [i.shape.length, found.shape.length]
    // The axes before the indexed one come first, then those of the index.
    const order = [...Array.from({ length: at }, (_, k) => m + k), ...Array.from({ length: m }, (_, k) => k)]
    return [ofTensor(transpose(found, [...order, ...[...Array(rank).keys()].slice(m + at)] as never), v.kind)]
  }
}

/** Entries of each row by an index of its own. */
const gatherElements: Operator = (node) => {
  const axis = node.int('axis', 0)
  return (x, index) => {
    const v = x as Value
    const at = axisIn(axis, v.dims.length)
    const i = indicesOf(index as Value, v.dims[at] as number)
    return [ofTensor(takeAlong(tensorOf(v) as Tensor, i as never, at as never), v.kind)]
  }
}

const concatOperator: Operator = (node) => {
  const axis = node.int('axis', 0)
  return (...given) => {
    const values = given as readonly Value[]
    const [first] = values as readonly [Value]
    const at = axisIn(axis, first.dims.length)
    const total = values.reduce((n, v) => n + (v.dims[at] as number), 0)
    node.room(first.dims.map((n, i) => (i === at ? total : n)))
    const like: DType = values.map(formatOf).find((d) => d !== undefined) ?? 'float32'
    return [
      ofTensor(
        concat(
          values.map((v) => tensorOf(v, like)),
          at as never,
        ),
        first.kind,
      ),
    ]
  }
}

/** A tensor with rows of a number put before and behind it along an axis; negative counts cut. */
export const padded = (x: AnyTensor, axis: number, before: number, behind: number, value: number): AnyTensor => {
  const n = x.shape[axis] as number
  const cut = [Math.max(0, -before), n - Math.max(0, -behind)] as const
  const kept = before < 0 || behind < 0 ? slice(x, [...Array(axis).fill(null), cut] as never) : x
  const rows = (count: number) =>
    full(
      x.shape.map((m, i) => (i === axis ? count : m)),
      value,
      x.dtype,
    ) as AnyTensor
  const parts = [...(before > 0 ? [rows(before)] : []), kept, ...(behind > 0 ? [rows(behind)] : [])]
  return parts.length === 1 ? kept : concat(parts as readonly Tensor[], axis as never)
}

/** Rows of the tensor itself put around it: mirrored at its edge, or its edge repeated. */
const mirrored = (x: AnyTensor, axis: number, before: number, behind: number, mode: string): AnyTensor => {
  const n = x.shape[axis] as number
  const at = (i: number): number =>
    mode === 'edge' ? Math.min(n - 1, Math.max(0, i)) : i < 0 ? -i : i >= n ? 2 * n - 2 - i : i
  const rows = Array.from({ length: before + n + behind }, (_, i) => at(i - before))
  const order = [axis, ...[...x.shape.keys()].filter((k) => k !== axis)]
  const taken = gather(transpose(x, order as never) as Tensor, tensorOf(ofNumbers([rows.length], rows)) as never)
  return transpose(taken, order.map((_, i) => order.indexOf(i)) as never)
}

/** Pads are an attribute up to version 10, an input since. */
const pad: Operator = (node: Node) => {
  const mode = node.text('mode', 'constant')
  if (!['constant', 'reflect', 'edge'].includes(mode)) node.refuse(`the mode ${mode}`)
  const old = node.opset < 11 ? { pads: node.ints('pads') ?? [], value: node.float('value', 0) } : undefined
  for (const i of [1, 2, 3]) needKnown(node, i, 'sizes')
  return (x, given, value, axes) => {
    const v = x as Value
    const rank = v.dims.length
    const pads = old?.pads ?? knownOf(node, 1, given)
    const over = axes === undefined ? [...v.dims.keys()] : knownOf(node, 3, axes).map((a) => axisIn(a, rank))
    const fill = old?.value ?? (value && scalarOf(value)) ?? 0
    node.room(
      v.dims.map(
        (n, i) => n + Math.max(0, pads[over.indexOf(i)] ?? 0) + Math.max(0, pads[over.indexOf(i) + over.length] ?? 0),
      ),
    )
    const y = over.reduce((t, axis, i) => {
      const [before = 0, behind = 0] = [pads[i], pads[i + over.length]]
      if (before === 0 && behind === 0) return t
      return mode === 'constant' ? padded(t, axis, before, behind, fill) : mirrored(t, axis, before, behind, mode)
    }, tensorOf(v))
    return [ofTensor(y, v.kind)]
  }
}

export const parts: Operators = {
  Slice: sliceOperator,
  Split: split,
  Gather: gatherOperator,
  GatherElements: gatherElements,
  Concat: concatOperator,
  Pad: pad,
}
