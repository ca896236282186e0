import { type Operation, primitive } from '../../diff/primitive.ts'
import type { Thunk } from '../../diff/trace.ts'
import { checkOptions } from '../../error/options.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { extentOf, type Window } from '../../kernel/window.ts'
import { zeros } from '../../tensor/create.ts'
import { describeShape, floatDType, sameDType } from '../../tensor/data.ts'
import { showShape, sizeOf } from '../../tensor/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import type { Pair, TransposeOptions } from '../../type/window.ts'
import { add } from '../elementwise/add.ts'
import { spread, sum } from '../reduce/sum.ts'
import { fold, reshape, unfold } from '../shape/reshape.ts'
import { checkGroups } from './convolution.ts'
import { convolve, toImages, toImagesComposite, toKernels } from './convolve.ts'
import { pairOf, type Rank, windowing } from './window.ts'

type Rows = (rows: Tensor, W: Tensor, window: Window, shape: Shape, groups: number) => Tensor

/** Rows [windows, in] times the kernels W [in, numbers in a window], added up to images: the transpose of `convolve`. */
const transposed: Operation<Rows> = /* @__PURE__ */ primitive<Rows>(
  'transposed',
  toImages,
  (_, rows, W, window, __, groups) =>
    function transposedPullback(d) {
      const none = zeros<Shape, Float>([W.shape[0] as number], d.dtype)
      return [() => convolve(d, W, none, window, groups), () => toKernels(rows, d, window, groups), null, null, null]
    },
  ({ size, args: [rows, W, window, shape, groups], mapped: [, kernels], outer }) =>
    kernels
      ? toImagesComposite(rows, W, window, shape, groups)
      : unfold(
          transposed(fold(outer[0]) as Tensor, W, window, [size * (shape[0] as number), ...shape.slice(1)], groups),
          size,
          shape[0] as number,
        ),
)

const axesOf = { convTranspose1d: ['length'], convTranspose2d: ['height', 'width'] } as const
type Name = keyof typeof axesOf

/** The sizes of x [batch, …, in], W [in, …, out / groups] and b [out]; those that do not fit are a `ShapeError`. */
const checkShapes = (op: Name, x: Shape, W: Shape, b: Shape, groups: number): void => {
  const rank = axesOf[op].length + 2
  if (x.length === rank && W.length === rank && b.length === 1 && x[rank - 1] === W[0]) {
    checkGroups(op, groups, W[0] as number, b[0] as number)
    if ((W[rank - 1] as number) * groups === b[0]) return
  }
  const sizes = axesOf[op].join(', ')
  throw new ShapeError({
    op,
    expected: `x [batch, ${sizes}, in], W [in, ${sizes}, out${groups === 1 ? '' : ` / ${groups}`}], b [out]`,
    actual: `${showShape(x)}, ${showShape(W)}, ${showShape(b)}`,
  })
}

/** The rows and columns added, checked to be fewer than the stride or the dilation. */
const extraOf = (op: string, rank: Rank, given: Pair, { stride, dilation }: Window): readonly [number, number] => {
  const pair = typeof given === 'number' ? (rank === 1 ? [0, given] : [given, given]) : rank === 2 ? given : []
  const below = stride.map((s, i) => Math.max(s, dilation[i] as number))
  const sound =
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((n, i) => Number.isSafeInteger(n) && n >= 0 && n < (below[i] as number))
  if (sound) return pair as unknown as readonly [number, number]
  throw new ShapeError({
    op,
    expected: `an output padding from 0, below the stride or the dilation, ${rank === 1 ? below[1] : showShape(below)}`,
    actual: describeShape(given),
  })
}

/**
 * Makes a function from the sizes of images [batch, height, width] and their channels after a transposed convolution to
 * its windows on these, and their shape.
 */
export const spreading = (
  op: string,
  rank: Rank,
  kernel: Pair,
  { stride = 1, padding = 0, dilation = 1, outputPadding = 0 }: TransposeOptions,
) => {
  pairOf(op, rank, 'padding', padding, 0)
  const large = [1, Number.MAX_SAFE_INTEGER / 4, Number.MAX_SAFE_INTEGER / 4, 1] // every window fits
  const [window] = windowing(op, kernel, { stride, padding, dilation }, rank)(large)
  const extra = extraOf(op, rank, outputPadding, window)
  const size = (n: number, i: 0 | 1): number =>
    n === 0 ? 0 : window.stride[i] * (n - 1) + extentOf(window)[i] + extra[i] - 2 * (window.padding[2 * i] as number)
  return ([batch, height, width]: readonly [number, number, number], channels: number): readonly [Window, Shape] => {
    const shape = [batch, size(height, 0), size(width, 1), channels]
    if (shape.slice(1, 3).some((n, i) => n < 1 && [height, width][i] !== 0))
      throw new ShapeError({ op, expected: 'a padding that leaves something', actual: describeShape(padding as Shape) })
    return [window, shape]
  }
}

/** A transposed convolution with its pullback, along one axis or two: a sequence is an image of height 1. */
export const transposedConvolution = (
  op: Name,
  x: Tensor,
  W: Tensor,
  b: Tensor,
  given: TransposeOptions = {},
): readonly [value: Tensor, pullback: (d: Tensor) => readonly (Thunk | null)[]] => {
  checkOptions(op, given, ['stride', 'padding', 'dilation', 'outputPadding', 'groups'])
  const { groups = 1 } = given
  floatDType(op, x)
  sameDType(op, x, W)
  sameDType(op, x, b)
  checkShapes(op, x.shape, W.shape, b.shape, groups)
  const rank = op === 'convTranspose1d' ? 1 : 2
  const [batch, ...image] = x.shape as readonly [number, ...Shape]
  const [inputs, ...kernel] = W.shape as readonly [number, ...Shape]
  const size = rank === 1 ? (kernel[0] as number) : (kernel.slice(0, 2) as unknown as Pair)
  const [height, width] = rank === 1 ? [1, image[0] as number] : (image as unknown as readonly [number, number])
  const outputs = b.shape[0] as number
  const [window, shape] = spreading(op, rank, size, given)([batch, height, width], outputs)
  const rows = reshape(x, [batch * height * width, inputs]) as Tensor
  const [y, back] = transposed.pull(rows, reshape(W, [inputs, sizeOf(kernel)]) as Tensor, window, shape, groups)
  const value = add(y, spread(b, [0, 1, 2], shape) as never) as Tensor
  return [
    rank === 1 ? (reshape(value, [batch, ...shape.slice(2)]) as Tensor) : value,
    function convTransposePullback(d) {
      const whole = reshape(d, shape) as Tensor
      const [dx, dW] = back(whole) as readonly [() => Tensor, () => Tensor]
      return [() => reshape(dx(), x.shape), () => reshape(dW(), W.shape), () => sum(whole, [0, 1, 2]), null]
    },
  ]
}
