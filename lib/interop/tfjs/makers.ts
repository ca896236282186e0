import { brief } from '../../codec/safetensors/header.ts'
import { flatten } from '../../combinator/flatten.ts'
import { identity } from '../../combinator/identity.ts'
import { reshape } from '../../combinator/reshape.ts'
import { softmax } from '../../nn/activation.ts'
import { avgPool2d } from '../../nn/avgPool2d.ts'
import { alphaDropout, dropout, spatialDropout } from '../../nn/dropout.ts'
import { globalAvgPool2d } from '../../nn/globalAvgPool2d.ts'
import { maxPool2d } from '../../nn/maxPool2d.ts'
import { activationOf, eluOf, leakyReluOf, reluOf } from './activation.ts'
import { checkChannelsLast, checkLastAxis, field, flag, type KerasLayer, number, padding, sizes } from './config.ts'
import * as learned from './learned.ts'
import { type Piece, plain } from './piece.ts'
import { averaged, flattened, reshaped, slid } from './shape.ts'
import { unsupported, wrong } from './wrong.ts'

/** Makes the layer that stands for one of Keras. */
export type Maker = (layer: KerasLayer) => Piece

type Pair = readonly [number, number]

/** The most entries of a window of pooling. */
const largest = 65_536

const pooling = (layer: KerasLayer) => {
  checkChannelsLast(layer)
  const size = sizes(layer, 'pool_size', 2, 2) as Pair
  if (size[0] * size[1] > largest) throw wrong('TooLarge', `windows of at most ${largest} entries`, brief(size))
  return { size, stride: sizes(layer, 'strides', 2, size) as Pair, padding: padding(layer) }
}

const maxPooling: Maker = (layer) => {
  const { size, ...options } = pooling(layer)
  return plain(maxPool2d(size, options), (shape) => slid('maxPool2d', shape, size, options))
}

const averagePooling: Maker = (layer) => {
  const { size, ...options } = pooling(layer)
  return plain(avgPool2d(size, { ...options, countPadding: false }), (shape) => slid('avgPool2d', shape, size, options))
}

const globalAverage: Maker = (layer) => {
  checkChannelsLast(layer)
  if (flag(layer, 'keepdims', false)) throw unsupported('keepdims false', 'true')
  return plain(globalAvgPool2d, averaged)
}

const reshaping: Maker = (layer) => {
  const shape = field(layer, 'target_shape')
  const isWhole = Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0)
  if (!isWhole) throw unsupported('a target_shape of whole sizes', brief(shape))
  const to = shape as readonly number[]
  return plain(reshape(to), (from) => reshaped(from, to))
}

const same =
  (make: (layer: KerasLayer) => Piece['layer']): Maker =>
  (layer) =>
    plain(make(layer))

/** The layers of Keras that have a counterpart here. */
export const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['InputLayer', same(() => identity)],
  ['Dense', learned.dense],
  ['Conv1D', learned.convolution1d],
  ['Conv2D', learned.convolution2d],
  ['DepthwiseConv2D', learned.depthwise],
  ['BatchNormalization', learned.batchNormalization],
  ['LayerNormalization', learned.layerNormalization],
  ['GroupNormalization', learned.groupNormalization],
  ['PReLU', learned.slopes],
  ['Activation', same(activationOf)],
  ['ReLU', same(reluOf)],
  ['LeakyReLU', same(leakyReluOf)],
  ['ELU', same(eluOf)],
  [
    'Softmax',
    same((layer) => {
      checkLastAxis(layer)
      return softmax
    }),
  ],
  ['Dropout', same((layer) => dropout({ drop: number(layer, 'rate', 0.5) }))],
  ['SpatialDropout2D', same((layer) => spatialDropout({ drop: number(layer, 'rate', 0.5) }))],
  ['AlphaDropout', same((layer) => alphaDropout({ drop: number(layer, 'rate', 0.5) }))],
  ['MaxPooling2D', maxPooling],
  ['AveragePooling2D', averagePooling],
  ['GlobalAveragePooling2D', globalAverage],
  ['Flatten', () => plain(flatten, flattened)],
  ['Reshape', reshaping],
])
