// How a view lies in the row-major numbers of its place: as a part of a tensor whose axes are in another order.
import type { OpenView } from './record.ts'
import { batches } from './record.ts'
import { at, product, quotient, type Size, same } from './size.ts'

export interface Layout {
  /** The sizes of the tensor that the place is taken for. */
  readonly base: readonly Size[]
  /** Which part of each axis the view takes: its first entry, and how many. */
  readonly parts: readonly { readonly from: number; readonly size: Size }[]
  /** The axis of the base for each axis of the view; undefined where entries repeat or there is but one. */
  readonly axes: readonly (number | undefined)[]
}

const [small] = batches

/** The layout of a view; undefined where it is none: where it goes backward, skips or overlaps. */
export const layoutOf = ({ length, shape, stride, offset }: OpenView): Layout | undefined => {
  const steps = (i: number): number => at(stride[i] as Size, small)
  const moving = [...shape.keys()].filter((i) => !same(shape[i] as Size, 1) && steps(i) !== 0)
  const sorted = moving.sort((i, j) => steps(j) - steps(i))
  if (typeof offset !== 'number' || sorted.some((i) => steps(i) < 0)) return undefined
  const inner = sorted.length === 0 ? 1 : (stride[sorted.at(-1) as number] as Size)
  const edges: readonly Size[] = [length, ...sorted.map((i) => stride[i] as Size), ...(same(inner, 1) ? [] : [1])]
  const outer = sorted.length === 0 ? [length, 1] : edges
  const base = outer.slice(1).map((step, i) => quotient(outer[i] as Size, step))
  if (base.includes(undefined)) return undefined
  let rest = offset
  const parts = base.map((_, i) => {
    const step = at(outer[i + 1] as Size, small)
    const from = Math.floor(rest / step)
    rest -= from * step
    const axis = sorted[i]
    return { from, size: axis === undefined ? 1 : (shape[axis] as Size) }
  })
  const isInside = parts.every(({ from, size }, i) => from + at(size, small) <= at(base[i] as Size, small))
  if (!isInside) return undefined
  const axes = shape.map((_, i) => {
    const found = sorted.indexOf(i)
    return found < 0 ? undefined : found
  })
  return { base: base as readonly Size[], parts, axes }
}

/** The view with its axes in another order. */
export const permuted = (view: OpenView, order: readonly number[]): OpenView => ({
  ...view,
  shape: order.map((i) => view.shape[i] as Size),
  stride: order.map((i) => view.stride[i] as Size),
})

/**
 * The view with axes taken apart so that it has the given sizes, whose products are the sizes of its own axes; undefined
 * if they are not.
 */
export const refined = (view: OpenView, to: readonly Size[]): OpenView | undefined => {
  const stride: Size[] = []
  let axis = 0
  for (const [i, n] of view.shape.entries()) {
    const from = axis
    let whole: Size | undefined = 1
    while (axis < to.length && whole !== undefined && (!same(whole, n) || same(to[axis] as Size, 1)))
      whole = product(whole, to[axis++] as Size)
    if (whole === undefined || !same(whole, n)) return undefined
    const steps: Size[] = []
    let step: Size = view.stride[i] as Size
    for (const m of to.slice(from, axis).toReversed()) {
      steps.unshift(step)
      const next = product(step, m)
      if (next === undefined) return undefined
      step = next
    }
    stride.push(...steps)
  }
  return axis === to.length ? { ...view, shape: to, stride } : undefined
}
