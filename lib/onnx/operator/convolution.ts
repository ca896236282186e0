import { ShapeError } from '../../error/tensorError.ts'
import { add } from '../../op/elementwise/add.ts'
import { spread } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { convolve, toImages } from '../../op/window/convolve.ts'

import { zeros } from '../../tensor/create.ts'
import { sameDType } from '../../tensor/data.ts'
import { showShape, sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'
import { floatsOf, lastOf, type Value } from '../value.ts'
import type { Node, Operator, Operators } from './operator.ts'
import { countsOf, imagesOf, ofImages, windowOn, windowsOf } from './window.ts'

/** A bias for each of some channels, zeros where none is given. */
const biasOf = (op: string, b: Value | undefined, n: number, x: Tensor): Tensor => {
  if (b === undefined) return zeros([n], x.dtype) as Tensor
  const bias = floatsOf(b, x.dtype)
  sameDType(op, x, bias)
  if (bias.shape.length !== 1 || bias.shape[0] !== n)
    throw new ShapeError({ op, expected: `a bias [${n}]`, actual: showShape(bias.shape) })
  return bias
}

/** The kernels with the channels last: [out, …, in / groups] of a convolution, [in, …, out / groups] of a transposed one. */
const kernelsOf = (op: 'Conv' | 'ConvTranspose', images: Tensor, v: Value, w: Value, groups: number): Tensor => {
  const [first = 0, second = 0] = w.dims
  const channels = images.shape[3] as number
  const fits = op === 'Conv' ? second * groups === channels : first === channels
  if (w.dims.length !== v.dims.length || !fits || first % groups !== 0)
    throw new ShapeError({
      op,
      expected: `kernels ${op === 'Conv' ? `[out, in / ${groups}, …]` : `[in, out / ${groups}, …]`} for ${showShape(v.dims)}`,
      actual: showShape(w.dims),
    })
  const W = lastOf(w, undefined, images.dtype)
  sameDType(op, images, W)
  return W
}

const groupsOf = (node: Node): number => {
  const groups = node.int('group', 1)
  if (groups < 1) node.refuse(`group ${groups}`)
  return groups
}

const conv: Operator = (node) => {
  const [windows, groups] = [windowsOf(node), groupsOf(node)]
  return (x, w, b) => {
    const v = x as Value
    const images = imagesOf('Conv', v)
    const W = kernelsOf('Conv', images, v, w as Value, groups)
    const [out = 0, ...rest] = W.shape
    const window = windowOn(windows, images.shape, rest.slice(0, -1))
    const counts = countsOf('Conv', images.shape, window)
    const flat = reshape(W, [out, sizeOf(rest)] as never) as Tensor
    const y = convolve(images, flat, biasOf('Conv', b, out, images), window, groups)
    return [ofImages(reshape(y, [images.shape[0] as number, ...counts, out] as never) as Tensor, v.dims.length)]
  }
}

/**
 * The transpose of a convolution. Its kernels [in, out / groups, …] are those of the convolution that leads from the
 * result to the input.
 */
const convTranspose: Operator = (node) => {
  const [windows, groups] = [windowsOf(node), groupsOf(node)]
  const extra = node.ints('output_padding') ?? []
  if (node.ints('output_shape') !== undefined) node.refuse('output_shape')
  if (windows.auto !== 'NOTSET' && windows.auto !== 'VALID') node.refuse(`auto_pad ${windows.auto}`)
  return (x, w, b) => {
    const v = x as Value
    const images = imagesOf('ConvTranspose', v)
    const W = kernelsOf('ConvTranspose', images, v, w as Value, groups)
    const [inputs = 0, ...rest] = W.shape
    const channels = (rest.at(-1) as number) * groups
    const window = windowOn(windows, images.shape, rest.slice(0, -1))
    const size = (axis: 0 | 1): number =>
      ((images.shape[axis + 1] as number) - 1) * window.stride[axis] +
      window.dilation[axis] * (window.kernel[axis] - 1) +
      1 -
      (window.padding[2 * axis] as number) -
      (window.padding[2 * axis + 1] as number) +
      (extra[axis - 2 + extra.length] ?? 0)
    const shape = [images.shape[0] as number, size(0), size(1), channels]
    node.room(shape)
    const rows = reshape(images, [-1, inputs] as never) as Tensor
    const flat = reshape(W, [inputs, sizeOf(rest)] as never) as Tensor
    const y = toImages(rows, flat, window, shape, groups)
    const bias =
      b === undefined ? y : add(y, spread(biasOf('ConvTranspose', b, channels, images), [0, 1, 2], shape) as Tensor)
    return [ofImages(bias, v.dims.length)]
  }
}

export const convolution: Operators = { Conv: conv, ConvTranspose: convTranspose }
