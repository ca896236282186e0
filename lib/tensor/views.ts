// Views of concrete tensors: they share the buffer, since nobody writes to it.
import { ShapeError } from '../error/tensorError.ts'
import type { AnyTensor, Shape } from '../type/tensor.ts'
import { checkTensor, describe } from './data.ts'
import { type Layout, showShape } from './shape.ts'
import { raw, view } from './view.ts'

/**
 * The part of an axis that a slice takes: an index (which drops the axis), [start, stop], [start, stop, step], or null
 * for all.
 */
export type Range = number | null | readonly [start: number | null, stop: number | null, step?: number]

/** A view with the axes in another order. */
export const transposeView = (t: AnyTensor, order: readonly number[]): AnyTensor => {
  const { buffer, shape, stride, offset } = raw(t)
  return view(
    buffer,
    order.map((i) => shape[i] as number),
    order.map((i) => stride[i] as number),
    offset,
  )
}

/** A view of the shape `to` with new axes at the positions `axes`, with stride 0: the entries repeat along them. */
export const spreadView = (t: AnyTensor, axes: readonly number[], to: Shape): AnyTensor => {
  const { buffer, stride, offset } = raw(t)
  let from = 0
  const strides = to.map((_, i) => (axes.includes(i) ? 0 : (stride[from++] as number)))
  return view(buffer, to, strides, offset)
}

/** The layout of a slice by ranges. Negative indices count from the end; nothing is clipped silently. */
export const sliceLayout = (op: string, { shape, stride, offset }: Layout, ranges: readonly Range[]): Layout => {
  if (!Array.isArray(ranges))
    throw new ShapeError({
      op,
      expected: 'an array of ranges, such as [[0, 2]]',
      actual: describe(ranges),
      code: 'index-out-of-range',
    })
  if (ranges.length > shape.length)
    throw new ShapeError({
      op,
      expected: `at most ${shape.length} ranges for ${showShape(shape)}`,
      actual: `${ranges.length}`,
      code: 'index-out-of-range',
    })
  const cut = { shape: [] as number[], stride: [] as number[], offset }
  shape.forEach((n, axis) => {
    const range = ranges[axis] ?? null
    const along = stride[axis] as number
    const inside = (i: number, low: number, high: number): number => {
      const at = i < 0 ? i + n : i
      if (Number.isInteger(i) && at >= low && at <= high) return at
      throw new ShapeError({
        op,
        expected: `an index of axis ${axis}, which has ${n} entries`,
        actual: describe(i),
        code: 'index-out-of-range',
      })
    }
    if (typeof range === 'number') {
      cut.offset += inside(range, 0, n - 1) * along
      return
    }
    if (range !== null && !Array.isArray(range))
      throw new ShapeError({
        op,
        expected: 'an index, null or [start, stop]',
        actual: describe(range),
        code: 'index-out-of-range',
      })
    const [start = null, stop = null, step = 1] = range ?? []
    if (!Number.isInteger(step) || step === 0)
      throw new ShapeError({
        op,
        expected: 'a whole step that is not 0',
        actual: describe(step),
        code: 'index-out-of-range',
      })
    const first = start === null ? (step > 0 ? 0 : n - 1) : inside(start, 0, n)
    const end = stop === null ? (step > 0 ? n : -1) : inside(stop, 0, n)
    const count = Math.max(0, Math.ceil((end - first) / step))
    cut.shape.push(count)
    cut.stride.push(along * step)
    if (count > 0) cut.offset += inside(first, 0, n - 1) * along
  })
  return cut
}

export const sliceView = (op: string, t: AnyTensor, ranges: readonly Range[]): AnyTensor => {
  checkTensor(op, t)
  const x = raw(t)
  const { shape, stride, offset } = sliceLayout(op, x, ranges)
  return view(x.buffer, shape, stride, offset)
}
