// The tensors of the graph that stand for places, and the nodes that make a view of one.
import { arrays, type Data } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { indexOf, stridesOf } from '../../tensor/shape.ts'
import { raw, view as viewOver } from '../../tensor/view.ts'
import type { Shape } from '../../type/tensor.ts'
import type { Builder } from './builder.ts'
import { layoutOf } from './layout.ts'
import { batches, type ConstantData, type OpenView } from './record.ts'
import { at, isBatch, quotient, type Size, same, sameSizes, total } from './size.ts'

/** A tensor of the graph. With its axes in `order` it has the numbers of a place, row by row. */
export interface Held {
  readonly name: string
  readonly dims: readonly Size[]
  readonly order: readonly number[]
}

/** A tensor of the graph whose axes lie as the place has them. */
export const inRows = (name: string, dims: readonly Size[]): Held => ({ name, dims, order: dims.map((_, i) => i) })
/** The sizes of a held tensor as its place has them. */
export const rowsOf = ({ dims, order }: Held): readonly Size[] => order.map((i) => dims[i] as Size)
export const isInOrder = ({ order }: Held): boolean => order.every((axis, i) => axis === i)

/** The places of a program as tensors of a graph. */
export interface Tensors {
  readonly hold: (place: number, held: Held) => void
  readonly held: (view: OpenView) => Held | undefined
  readonly constant: (view: OpenView) => ConstantData | undefined
  /** The numbers of a constant's view, row by row, with one for entries that repeat. */
  readonly numbers: (view: OpenView) => { readonly data: Data; readonly shape: Shape } | undefined
  /** The name of a tensor that is the view, with ones for axes along which entries repeat, unless all are asked for. */
  readonly of: (view: OpenView, all?: boolean) => string
  /** The sizes of that tensor. */
  readonly dims: (view: OpenView) => readonly Size[]
}

/** Why a view is none of ONNX. */
export class NoLayout extends Error {}

const [small] = batches

/** True if a view is the whole of its place, row by row. */
export const isWhole = ({ shape, stride, offset, length }: OpenView): boolean => {
  let step: Size | undefined = 1
  for (let i = shape.length - 1; i >= 0 && step !== undefined; i--) {
    const n = shape[i] as Size
    if (same(n, 1)) continue
    if (!same(stride[i] as Size, step)) return false
    step = total([step, n])
  }
  return step !== undefined && same(step, length) && same(offset, 0)
}

/** True if numbers of some sizes are those of smaller sizes, repeated where these are 1. */
const isRepeated = (all: Data, sizes: Shape, one: Data, shape: Shape): boolean => {
  const steps = stridesOf(shape)
  return all.every((x, i) => {
    const place = indexOf(i, sizes).reduce((p, k, axis) => p + (shape[axis] === 1 ? 0 : k * (steps[axis] as number)), 0)
    return Object.is(x, one[place])
  })
}

export const tensors = (
  g: Builder,
  constants: ReadonlyMap<number, ConstantData>,
  nameOf: (source: unknown) => string | undefined,
): Tensors => {
  const places = new Map<number, Held>()
  const made = new Map<string, string>()
  const once = (key: string, make: () => string): string => {
    const found = made.get(key) ?? make()
    made.set(key, found)
    return found
  }

  /** The sizes with ones for axes along which entries repeat. Constants are the same for each example. */
  const dims = (view: OpenView): readonly Size[] => {
    const isConstant = constants.has(view.place)
    return view.shape.map((n, i) => (same(view.stride[i] as Size, 0) || (isConstant && isBatch(n)) ? 1 : n))
  }
  const numbers: Tensors['numbers'] = (view) => {
    const found = constants.get(view.place)
    if (found === undefined) return undefined
    const [full, shape] = [view.shape.map((n) => at(n, small)), dims(view) as Shape]
    const of = (sizes: Shape): Data =>
      packed(
        raw(
          viewOver(
            found.data as never,
            sizes,
            view.stride.map((n) => at(n, small)),
            at(view.offset, small),
          ) as never,
        ),
      )
    const data = of(shape)
    if (view.shape.some(isBatch) && !isRepeated(of(full), full, data, shape))
      throw new NoLayout('numbers that differ from example to example')
    return { data: arrays[view.dtype].from(data) as Data, shape }
  }

  /** A held tensor with its axes as the place has them. */
  const straight = (held: Held): string => g.transpose(held.name, held.order)

  /** The view by a transpose of the held tensor, if the axes of its place are those of the tensor. */
  const byTranspose = (view: OpenView, held: Held): string | undefined => {
    const layout = layoutOf(view)
    if (layout === undefined || !layout.parts.every(({ size }, i) => same(size, layout.base[i] as Size)))
      return undefined
    const wide = held.order.filter((i) => !same(held.dims[i] as Size, 1))
    if (
      !sameSizes(
        layout.base.filter((n) => !same(n, 1)),
        wide.map((i) => held.dims[i] as Size),
      )
    )
      return undefined
    const ones = held.dims.flatMap((n, i) => (same(n, 1) ? [i] : []))
    const order = [
      ...layout.axes.flatMap((axis) => (axis === undefined ? ones.splice(0, 1) : [wide[axis] as number])),
      ...ones.splice(0),
    ]
    const wanted = layout.axes.flatMap((axis) => (axis === undefined ? [] : [wide[axis] as number]))
    const isStraight = wanted.every((axis, i) => i === 0 || axis > (wanted[i - 1] as number))
    const turned = isStraight ? held.name : g.transpose(held.name, order)
    const from = isStraight ? held.dims : order.map((i) => held.dims[i] as Size)
    return g.reshape(turned, from, dims(view))
  }

  /** The view as a part of a tensor whose axes lie as the place has them. */
  const byParts = (view: OpenView, held: Held): string | undefined => {
    const layout = layoutOf(view)
    if (layout === undefined) return undefined
    const { base, parts, axes } = layout
    const cut = parts.flatMap(({ from, size }, i) => (same(size, base[i] as Size) ? [] : [[i, from, size] as const]))
    if (cut.some(([, , size]) => isBatch(size))) return undefined
    const whole = g.reshape(straight(held), rowsOf(held), base)
    const part =
      cut.length === 0
        ? whole
        : g.node('Slice', [
            whole,
            g.ints(cut.map(([, from]) => from)),
            g.ints(cut.map(([, from, size]) => from + (size as number))),
            g.ints(cut.map(([i]) => i)),
          ])
    const moved = axes.filter((axis) => axis !== undefined)
    const order = [...moved, ...base.keys()].filter((axis, i, all) => all.indexOf(axis) === i)
    return g.reshape(
      g.transpose(part, order),
      order.map((i) => parts[i]?.size as Size),
      dims(view),
    )
  }

  /** The view by the indices of its entries within each example. */
  const byIndex = (view: OpenView, held: Held): string | undefined => {
    const example = view.shape.findIndex((n, i) => isBatch(n) && !same(view.stride[i] as Size, 0))
    const size = example < 0 ? undefined : quotient(view.length, view.shape[example] as Size)
    if (typeof size !== 'number' || !same(view.stride[example] as Size, size) || typeof view.offset !== 'number')
      return undefined
    const others = [...view.shape.keys()].filter((i) => i !== example && !same(view.stride[i] as Size, 0))
    if (others.some((i) => isBatch(view.shape[i] as Size) || isBatch(view.stride[i] as Size))) return undefined
    const index = others.reduce<readonly number[]>(
      (all, i) =>
        all.flatMap((p) =>
          Array.from({ length: view.shape[i] as number }, (_, k) => p + k * (view.stride[i] as number)),
        ),
      [view.offset],
    )
    if (index.some((p) => p < 0 || p >= size)) return undefined
    const rows = g.reshape(straight(held), rowsOf(held), [view.shape[example] as Size, size])
    const taken = g.node('Gather', [rows, g.ints(index)], { axis: 1 })
    const wide = [view.shape[example] as Size, ...others.map((i) => view.shape[i] as Size)]
    const apart = g.reshape(taken, [wide[0] as Size, index.length], wide)
    const order = [...view.shape.keys()].flatMap((i) =>
      i === example ? [0] : others.includes(i) ? [others.indexOf(i) + 1] : [],
    )
    return g.reshape(
      g.transpose(apart, order),
      order.map((i) => wide[i] as Size),
      dims(view),
    )
  }

  const compact = (view: OpenView): string => {
    const found = numbers(view)
    if (found !== undefined)
      return g.numbers(nameOf(constants.get(view.place)?.source) ?? 'constant', found.shape, found.data, view.dtype)
    const held = places.get(view.place)
    if (held === undefined) throw new NoLayout('a result that ONNX does not give')
    const name = byTranspose(view, held) ?? byParts(view, held) ?? byIndex(view, held)
    if (name === undefined) throw new NoLayout('a view of a tensor that is neither a part nor a turn of it')
    return name
  }
  const of: Tensors['of'] = (view, all = false) => {
    const name = once(JSON.stringify([view.place, view.shape, view.stride, view.offset]), () => compact(view))
    if (!all || sameSizes(dims(view), view.shape)) return name
    return g.node('Expand', [name, g.sizes(view.shape)])
  }
  return {
    hold: (place, held) => {
      places.set(place, held)
    },
    held: (view) => places.get(view.place),
    constant: (view) => constants.get(view.place),
    numbers,
    of,
    dims,
  }
}
