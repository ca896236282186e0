// Convolutions that enlarge.
import { compose } from '../../combinator/compose.ts'
import { derived } from '../../layer/derived.ts'
import { type AnyLayer, any, none } from '../../layer/layer.ts'
import type { Loose } from '../../layer/records.ts'
import { convTranspose1d, convTranspose2d } from '../../nn/image/convTranspose.ts'
import { slice } from '../../op/shape/slice.ts'
import type { Tensor } from '../../type/tensor.ts'
import { activationOf } from './activation.ts'
import { checkChannelsLast, field, type KerasLayer, padding, sizes, weight, whole } from './config.ts'
import { bias } from './learned.ts'
import { type Piece, turned } from './piece.ts'
import { checkEnd, spread } from './shape.ts'
import { unsupported } from './wrong.ts'

/** How a layer here makes the sizes of Keras along one axis: n · stride, or all that the windows cover for 'valid'. */
const edgeOf = (size: number, stride: number, isSame: boolean) => {
  const more = Math.max(size - stride, 0)
  return {
    padding: isSame ? Math.floor(more / 2) : 0,
    /** Where the windows do not reach to the next one. */
    added: Math.max(stride - size, 0),
    /** The last row where as many are taken from both ends. */
    cut: isSame ? more % 2 : 0,
    size: (n: number) => n * stride + (isSame ? 0 : more),
  }
}

/** The last entries of some axes left out. */
const cropped = (cuts: readonly number[]): AnyLayer =>
  derived(
    'crop',
    any,
    none as never,
    ({ x }: { readonly x: Tensor }) =>
      slice(x, [null, ...cuts.map((n, i) => [0, (x.shape[i + 1] as number) - n])] as never) as Tensor,
  )

const transposed =
  (axes: 1 | 2) =>
  (layer: KerasLayer): Piece => {
    checkChannelsLast(layer)
    const [kernel, stride] = [sizes(layer, 'kernel_size', axes), sizes(layer, 'strides', axes, 1)]
    const [outputs, isSame] = [whole(layer, 'filters'), padding(layer) === 'same']
    if (sizes(layer, 'dilation_rate', axes, 1).some((n) => n !== 1)) throw unsupported('dilation_rate 1', 'another')
    if (field(layer, 'output_padding') !== undefined) throw unsupported('no output_padding', 'one')
    const W = weight(layer, 'kernel', [...kernel, outputs, -1])
    const inputs = W.shape[axes + 1] as number
    const edges = kernel.map((size, i) => edgeOf(size, stride[i] as number, isSame))
    const cuts = edges.map(({ cut }) => cut)
    const each = (numbers: readonly number[]): Loose => (axes === 1 ? numbers[0] : numbers)
    const made = (axes === 1 ? convTranspose1d : (convTranspose2d as Loose))(inputs, outputs, {
      kernel: each(kernel),
      stride: each(stride),
      padding: each(edges.map((edge) => edge.padding)),
      outputPadding: each(edges.map(({ added }) => added)),
    })
    return {
      layer: cuts.some((n) => n > 0) ? compose(made, cropped(cuts) as never) : made,
      params: { W: turned(`convTranspose${axes}d`, 'W', W), b: bias(layer, outputs) },
      state: {},
      after: activationOf(layer),
      gives: (shape) => {
        checkEnd(shape, axes + 1, inputs)
        return spread(
          shape,
          edges.map(({ size }) => size),
          outputs,
        )
      },
    }
  }

export const transposed1d = transposed(1)
export const transposed2d = transposed(2)
