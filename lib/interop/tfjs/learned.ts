// The layers of Keras with weights.
import { brief } from '../../codec/safetensors/header.ts'
import { separableConv2d } from '../../combinator/separableConv2d.ts'
import { batchNorm } from '../../nn/batchNorm.ts'
import { conv1d } from '../../nn/conv1d.ts'
import { conv2d } from '../../nn/conv2d.ts'
import { groupNorm } from '../../nn/groupNorm.ts'
import { layerNorm } from '../../nn/layerNorm.ts'
import { linear } from '../../nn/linear.ts'
import { prelu } from '../../nn/prelu.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { full, zeros } from '../../tensor/create.ts'
import type { AnyTensor, Tensor } from '../../type/tensor.ts'
import { activationOf } from './activation.ts'
import {
  checkChannelsLast,
  checkLastAxis,
  field,
  flag,
  type KerasLayer,
  number,
  padding,
  sizes,
  weight,
  whole,
} from './config.ts'
import { type Piece, turned } from './piece.ts'
import { checkEnd, slid } from './shape.ts'
import { eachOf } from './wrapper.ts'
import { unsupported } from './wrong.ts'

export const bias = (layer: KerasLayer, outputs: number): AnyTensor =>
  flag(layer, 'use_bias', true) ? weight(layer, 'bias', [outputs]) : zeros([outputs])

export const dense = (layer: KerasLayer): Piece => {
  const outputs = whole(layer, 'units')
  const kernel = weight(layer, 'kernel', [-1, outputs])
  const piece: Piece = {
    layer: linear(kernel.shape[0] as number, outputs),
    params: { W: turned('linear', 'W', kernel), b: bias(layer, outputs) },
    state: {},
    after: activationOf(layer),
    gives: (shape) => {
      checkEnd(shape, 1, kernel.shape[0] as number)
      return [outputs]
    },
  }
  const leading = Math.max((layer.shape?.length ?? 1) - 1, 0)
  return Array.from({ length: leading }).reduce((made: Piece) => eachOf(made, undefined), piece)
}

const sliding = (layer: KerasLayer, axes: number) => {
  checkChannelsLast(layer)
  return {
    kernel: sizes(layer, 'kernel_size', axes),
    stride: sizes(layer, 'strides', axes, 1),
    dilation: sizes(layer, 'dilation_rate', axes, 1),
    padding: padding(layer),
  }
}

export const convolution1d = (layer: KerasLayer): Piece => {
  const { kernel, stride, dilation, padding } = sliding(layer, 1)
  const [outputs, groups] = [whole(layer, 'filters'), whole(layer, 'groups', 1)]
  const W = weight(layer, 'kernel', [...kernel, -1, outputs])
  const options = { kernel: kernel[0] as number, stride: stride[0] as number, dilation: dilation[0] as number, padding }
  const inputs = (W.shape[1] as number) * groups
  return {
    layer: conv1d(inputs, outputs, { ...options, groups }),
    params: { W: turned('conv1d', 'W', W), b: bias(layer, outputs) },
    state: {},
    after: activationOf(layer),
    gives: (shape) => {
      checkEnd(shape, 2, inputs)
      return slid('conv1d', shape, options.kernel, options, outputs)
    },
  }
}

type Pair = readonly [number, number]

const convolution = (layer: KerasLayer, W: AnyTensor, inputs: number, outputs: number, groups: number): Piece => {
  const { kernel, stride, dilation, padding } = sliding(layer, 2)
  const options = { kernel: kernel as Pair, stride: stride as Pair, dilation: dilation as Pair, padding }
  return {
    layer: conv2d(inputs, outputs, { ...options, groups }),
    params: { W: turned('conv2d', 'W', W), b: bias(layer, outputs) },
    state: {},
    after: activationOf(layer),
    gives: (shape) => {
      checkEnd(shape, 3, inputs)
      return slid('conv2d', shape, options.kernel, options, outputs)
    },
  }
}

export const convolution2d = (layer: KerasLayer): Piece => {
  const [outputs, groups] = [whole(layer, 'filters'), whole(layer, 'groups', 1)]
  const W = weight(layer, 'kernel', [...sizes(layer, 'kernel_size', 2), -1, outputs])
  return convolution(layer, W, (W.shape[2] as number) * groups, outputs, groups)
}

/** A group for each channel; of its kernels those of one channel lie side by side. */
export const depthwise = (layer: KerasLayer): Piece => {
  const size = sizes(layer, 'kernel_size', 2)
  const times = whole(layer, 'depth_multiplier', 1)
  const variable = layer.isKeras3 && layer.weights.has(layer.name, 'kernel') ? 'kernel' : 'depthwise_kernel'
  const kernel = weight(layer, variable, [...size, -1, times])
  const inputs = kernel.shape[2] as number
  const W = reshape(kernel as Tensor, [...size, 1, inputs * times])
  return convolution(layer, W as AnyTensor, inputs, inputs * times, inputs)
}

/** One kernel for each channel, without biases, and a linear map of the channels of each pixel. */
export const separable = (layer: KerasLayer): Piece => {
  const { kernel, stride, dilation, padding } = sliding(layer, 2)
  const outputs = whole(layer, 'filters')
  if (whole(layer, 'depth_multiplier', 1) !== 1) throw unsupported('a depth_multiplier of 1', 'another')
  const first = weight(layer, 'depthwise_kernel', [...kernel, -1, 1])
  const inputs = first.shape[2] as number
  const second = weight(layer, 'pointwise_kernel', [1, 1, inputs, outputs])
  const options = { kernel: kernel as Pair, stride: stride as Pair, dilation: dilation as Pair, padding }
  const each = reshape(first as Tensor, [...kernel, 1, inputs]) as AnyTensor
  return {
    layer: separableConv2d(inputs, outputs, options),
    params: {
      depthwise: { W: turned('conv2d', 'W', each), b: zeros([inputs]) },
      pointwise: { W: turned('conv2d', 'W', second), b: bias(layer, outputs) },
    },
    state: {},
    after: activationOf(layer),
    gives: (shape) => {
      checkEnd(shape, 3, inputs)
      return slid('conv2d', shape, options.kernel, options, outputs)
    },
  }
}

/** The same shape, which ends in these channels. */
const keeping =
  (channels: number): Piece['gives'] =>
  (shape) => {
    if (channels !== 1) checkEnd(shape, undefined, channels)
    return shape
  }

/** A factor and an addend for each channel; ones and zeros where the layer has none. */
const scaleShift = (layer: KerasLayer, channels: number) => ({
  scale: flag(layer, 'scale', true) ? weight(layer, 'gamma', [channels]) : full([channels], 1),
  shift: flag(layer, 'center', true) ? weight(layer, 'beta', [channels]) : zeros([channels]),
})

export const batchNormalization = (layer: KerasLayer): Piece => {
  checkLastAxis(layer)
  const mean = weight(layer, 'moving_mean', [-1])
  const channels = mean.shape[0] as number
  const options = { epsilon: number(layer, 'epsilon', 1e-3), momentum: 1 - number(layer, 'momentum', 0.99) }
  return {
    layer: batchNorm(channels, options),
    params: scaleShift(layer, channels),
    state: { mean, variance: weight(layer, 'moving_variance', [channels]) },
    gives: keeping(channels),
  }
}

/** The number of channels, by the first weight that tells it. */
const channelsOf = (layer: KerasLayer): number => {
  const names = [...(flag(layer, 'scale', true) ? ['gamma'] : []), ...(flag(layer, 'center', true) ? ['beta'] : [])]
  if (names[0] === undefined) throw unsupported('a scale or a center, which tell the channels', 'neither')
  return weight(layer, names[0], [-1]).shape[0] as number
}

export const layerNormalization = (layer: KerasLayer): Piece => {
  checkLastAxis(layer)
  const channels = channelsOf(layer)
  return {
    layer: layerNorm(channels, { epsilon: number(layer, 'epsilon', 1e-3) }),
    params: scaleShift(layer, channels),
    state: {},
    gives: keeping(channels),
  }
}

export const groupNormalization = (layer: KerasLayer): Piece => {
  checkLastAxis(layer)
  const channels = channelsOf(layer)
  const given = field(layer, 'groups') === -1 ? channels : whole(layer, 'groups', 32)
  return {
    layer: groupNorm(given, channels, { epsilon: number(layer, 'epsilon', 1e-3) }),
    params: scaleShift(layer, channels),
    state: {},
    gives: keeping(channels),
  }
}

/** Slopes that are shared along all axes but the last. */
export const slopes = (layer: KerasLayer): Piece => {
  const alpha = layer.weights.take(layer.name, 'alpha')
  const leading = (alpha?.shape ?? []).slice(0, -1)
  if (alpha === undefined || leading.some((n) => n !== 1))
    throw unsupported('slopes that are shared along all axes but the last', brief(alpha?.shape))
  const channels = alpha.shape.at(-1) as number
  return {
    layer: prelu({ channels }),
    params: { a: reshape(alpha as Tensor, [channels]) as AnyTensor },
    state: {},
    gives: keeping(channels),
  }
}
