import type { Thunk } from '../../diff/trace.ts'
import { checkOptions } from '../../error/options.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { showShape, sizeOf } from '../../tensor/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import type { ConvolutionOptions, Pair } from '../../type/window.ts'
import { reshape } from '../shape/reshape.ts'
import { convolve } from './convolve.ts'
import { windowing } from './window.ts'

const axesOf = { conv1d: ['length'], conv2d: ['height', 'width'] } as const

/** Groups into which both channels and kernels can be split; others are a `ShapeError`. */
export const checkGroups = (op: string, groups: number, channels: number, kernels: number): void => {
  if (Number.isSafeInteger(groups) && groups >= 1 && channels % groups === 0 && kernels % groups === 0) return
  throw new ShapeError({
    op,
    expected: `groups that divide ${channels} channels and ${kernels} kernels`,
    actual: `${groups}`,
  })
}

/** The sizes of x [batch, …, in], W [out, …, in / groups] and b [out]; those that do not fit are a `ShapeError`. */
const checkShapes = (op: keyof typeof axesOf, x: Shape, W: Shape, b: Shape, groups: number): void => {
  const axes = axesOf[op]
  const rank = axes.length + 2
  const wrong = (): never => {
    const sizes = axes.join(', ')
    const expected = `x [batch, ${sizes}, in], W [out, ${sizes}, in${groups === 1 ? '' : ` / ${groups}`}], b [out]`
    throw new ShapeError({ op, expected, actual: `${showShape(x)}, ${showShape(W)}, ${showShape(b)}` })
  }
  if (x.length !== rank || W.length !== rank || b.length !== 1 || b[0] !== W[0]) wrong()
  checkGroups(op, groups, x[rank - 1] as number, W[0] as number)
  if (x[rank - 1] !== (W[rank - 1] as number) * groups) wrong()
}

/** A convolution with its pullback, along one axis or two: a sequence is an image of height 1. */
export const convolution = (
  op: keyof typeof axesOf,
  x: Tensor,
  W: Tensor,
  b: Tensor,
  given: ConvolutionOptions = {},
): readonly [value: Tensor, pullback: (d: Tensor) => readonly (Thunk | null)[]] => {
  checkOptions(op, given, ['stride', 'padding', 'dilation', 'groups'])
  const { groups = 1, ...options } = given
  floatDType(op, x)
  sameDType(op, x, W)
  sameDType(op, x, b)
  checkShapes(op, x.shape, W.shape, b.shape, groups)
  const [batch, ...image] = x.shape as readonly [number, ...Shape]
  const [out, ...kernel] = W.shape as readonly [number, ...Shape]
  const rank = op === 'conv1d' ? 1 : 2
  const images = rank === 1 ? (reshape(x, [batch, 1, ...image]) as Tensor) : x
  const size = rank === 1 ? (kernel[0] as number) : (kernel.slice(0, 2) as unknown as Pair)
  const [window, counts] = windowing(op, size, options, rank)(images.shape)
  const [y, back] = convolve.pull(images, reshape(W, [out, sizeOf(kernel)]), b, window, groups)
  return [
    reshape(y, [batch, ...counts.slice(-rank), out]),
    function convolutionPullback(d) {
      const [dx, dW, db] = back(reshape(d, y.shape)) as readonly [() => Tensor, () => Tensor, () => Tensor]
      return [rank === 1 ? () => reshape(dx(), x.shape) : dx, () => reshape(dW(), W.shape), db, null]
    },
  ]
}
