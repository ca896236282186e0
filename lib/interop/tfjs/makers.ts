import { brief } from '../../codec/safetensors/header.ts'
import { flatten } from '../../combinator/flatten.ts'
import { identity } from '../../combinator/identity.ts'
import { reshape } from '../../combinator/reshape.ts'
import { softmax } from '../../nn/activation.ts'
import { alphaDropout, dropout, spatialDropout } from '../../nn/dropout.ts'
import { activationOf, eluOf, leakyReluOf, reluOf } from './activation.ts'
import { checkLastAxis, field, type KerasLayer, number } from './config.ts'
import * as learned from './learned.ts'
import * as merge from './merge.ts'
import { type Piece, plain } from './piece.ts'
import { recurrent } from './recurrent.ts'
import { embedding, masking } from './sequence.ts'
import { flattened, reshaped } from './shape.ts'
import { transposed1d, transposed2d } from './transposed.ts'
import * as window from './window.ts'
import { bidirectional, timeDistributed } from './wrapper.ts'
import { unsupported } from './wrong.ts'

/** Makes the layer that stands for one of Keras. */
export type Maker = (layer: KerasLayer) => Piece

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
const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['InputLayer', same(() => identity)],
  ['Dense', learned.dense],
  ['Conv1D', learned.convolution1d],
  ['Conv2D', learned.convolution2d],
  ['DepthwiseConv2D', learned.depthwise],
  ['SeparableConv2D', learned.separable],
  ['Conv1DTranspose', transposed1d],
  ['Conv2DTranspose', transposed2d],
  ['Embedding', embedding],
  ['SimpleRNN', recurrent],
  ['GRU', recurrent],
  ['LSTM', recurrent],
  ['Bidirectional', bidirectional],
  ['TimeDistributed', timeDistributed((layer) => makePiece(layer))],
  ['Masking', masking],
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
  ['SpatialDropout1D', same((layer) => spatialDropout({ drop: number(layer, 'rate', 0.5) }))],
  ['SpatialDropout2D', same((layer) => spatialDropout({ drop: number(layer, 'rate', 0.5) }))],
  ['AlphaDropout', same((layer) => alphaDropout({ drop: number(layer, 'rate', 0.5) }))],
  ['MaxPooling1D', window.maxPooling1d],
  ['AveragePooling1D', window.averagePooling1d],
  ['MaxPooling2D', window.maxPooling2d],
  ['AveragePooling2D', window.averagePooling2d],
  ['GlobalAveragePooling2D', window.globalAverage],
  ['GlobalMaxPooling2D', window.globalMax],
  ['ZeroPadding2D', window.zeroPadding],
  ['UpSampling2D', window.upSampling],
  ['Add', merge.adding],
  ['Multiply', merge.multiplying],
  ['Average', merge.averaging],
  ['Maximum', merge.largest],
  ['Minimum', merge.smallest],
  ['Concatenate', merge.concatenating],
  ['Flatten', () => plain(flatten, flattened)],
  ['Reshape', reshaping],
])

/** Makes the layer of the catalogue for a layer of Keras, or throws a `FormatError` with its class. */
export const makePiece: Maker = (layer) => {
  const maker = makers.get(layer.className)
  if (maker !== undefined) return maker(layer)
  throw unsupported('a layer of the catalogue', layer.className)
}
