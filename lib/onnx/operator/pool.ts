import { extentOf, type Window } from '../../kernel/window.ts'
import { abs } from '../../op/elementwise/abs.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { max } from '../../op/reduce/max.ts'
import { mean, spread } from '../../op/reduce/sum.ts'
import { avgPool2d } from '../../op/window/avgPool2d.ts'
import { maxPool2d } from '../../op/window/maxPool2d.ts'
import { fromArray } from '../../tensor/from.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { lastOf, ofLast, type Value } from '../value.ts'
import type { Node, Operator, Operators } from './operator.ts'
import { padded } from './part.ts'
import { countsOf, imagesOf, ofImages, type Windows, windowOn, windowsOf } from './window.ts'

type Images = Tensor<readonly [number, number, number, number]>

interface Pool {
  readonly windows: Windows
  readonly isCeil: boolean
}

const poolOf = (node: Node): Pool => {
  const pool = { windows: windowsOf(node), isCeil: node.int('ceil_mode', 0) !== 0 }
  if (pool.windows.kernel === undefined) node.refuse('no kernel_shape')
  return pool
}

/** A window, its counts, and the images with the padding in them. */
interface Laid {
  readonly window: Window
  readonly counts: readonly [number, number]
  readonly images: Images
}

/** With `ceil_mode` a last window may begin within the image or its padding, and reach beyond. */
const laid = (op: string, { windows, isCeil }: Pool, x: Tensor, value: number): Laid => {
  const window = windowOn(windows, x.shape, windows.kernel as readonly number[])
  const extent = extentOf(window)
  const more = (axis: 0 | 1): number => {
    if (!isCeil || windows.auto !== 'NOTSET') return 0
    const [before, behind] = [window.padding[2 * axis] as number, window.padding[2 * axis + 1] as number]
    const n = x.shape[axis + 1] as number
    const room = before + n + behind - extent[axis]
    const steps = Math.ceil(room / window.stride[axis])
    const last = steps * window.stride[axis] >= before + n ? steps - 1 : steps
    return Math.max(0, last * window.stride[axis] - room)
  }
  const [top, bottom, left, right] = window.padding
  const grown: Window = { ...window, padding: [top, bottom + more(0), left, right + more(1)] }
  const counts = countsOf(op, x.shape, grown)
  const images = padded(padded(x, 1, top, grown.padding[1], value), 2, left, grown.padding[3], value)
  return { window: grown, counts, images: images as Images }
}

const maxPool: Operator = (node) => {
  const pool = poolOf(node)
  if (node.outputs > 1) node.refuse('indices as a second output')
  if (node.int('storage_order', 0) !== 0) node.refuse('storage_order')
  return (x) => {
    const v = x as Value
    const { window, images } = laid('MaxPool', pool, imagesOf('MaxPool', v), Number.NEGATIVE_INFINITY)
    const { kernel, stride, dilation } = window
    return [ofImages(maxPool2d(images, kernel, { stride, dilation }) as Tensor, v.dims.length)]
  }
}

/** How many entries of each window along an axis lie within `[from, to)` of the padded axis. */
const insides = (count: number, window: Window, axis: 0 | 1, from: number, to: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => {
    const places = Array.from(
      { length: window.kernel[axis] },
      (_, k) => i * window.stride[axis] + k * window.dilation[axis],
    )
    return places.filter((p) => p >= from && p < to).length
  })

const averagePool: Operator = (node) => {
  const pool = poolOf(node)
  const countsPadding = node.int('count_include_pad', 0) !== 0
  return (x) => {
    const v = x as Value
    const given = imagesOf('AveragePool', v)
    const own = windowOn(pool.windows, given.shape, pool.windows.kernel as readonly number[])
    const { window, images, counts } = laid('AveragePool', pool, given, 0)
    const { kernel, stride, dilation } = window
    const y = avgPool2d(images, kernel, { stride, dilation }) as Tensor
    const inside = (axis: 0 | 1): readonly number[] => {
      const before = own.padding[2 * axis] as number
      const end = before + (given.shape[axis + 1] as number)
      const [from, to] = countsPadding ? [0, end + (own.padding[2 * axis + 1] as number)] : [before, end]
      return insides(counts[axis], window, axis, from, to)
    }
    const n = kernel[0] * kernel[1]
    const shares = inside(0).flatMap((p) => inside(1).map((q) => n / (p * q)))
    if (shares.every((share) => share === 1)) return [ofImages(y, v.dims.length)]
    const factor = spread(fromArray(shares, counts, y.dtype), [0, 3], y.shape) as Tensor
    return [ofImages(mul(y, factor), v.dims.length)]
  }
}

/** The norm of each window, by sums of absolute numbers or of squares. */
const normPool: Operator = (node) => {
  const pool = poolOf(node)
  const p = node.int('p', 2)
  if (p !== 1 && p !== 2) node.refuse(`the norm ${p}`)
  return (x) => {
    const v = x as Value
    const given = imagesOf('LpPool', v)
    const { window, images } = laid('LpPool', pool, p === 1 ? abs(given) : mul(given, given), 0)
    const { kernel, stride, dilation } = window
    const sums = scale(avgPool2d(images, kernel, { stride, dilation }) as Tensor, kernel[0] * kernel[1])
    return [ofImages(p === 1 ? sums : sqrt(sums), v.dims.length)]
  }
}

/** All entries of each channel as one. */
const globally =
  (f: (x: Tensor, axes: readonly number[]) => Tensor): Operator =>
  () =>
  (x) => {
    const last = lastOf(x as Value)
    const axes = [...last.shape.keys()].slice(1, -1)
    const [batch, channels] = [last.shape[0] as number, last.shape.at(-1) as number]
    const dims: Shape = [batch, ...axes.map(() => 1), channels]
    return [ofLast(spread(f(last, axes), axes, dims) as Tensor)]
  }

export const pooling: Operators = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: normPool,
  GlobalAveragePool: globally((x, axes) => mean(x, axes as never) as Tensor),
  GlobalMaxPool: globally((x, axes) => max(x, axes as never) as Tensor),
}
