// The layers of Keras whose windows slide, and those that change the size of an image.
import { brief } from '../../codec/safetensors/header.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import { avgPool2d } from '../../nn/avgPool2d.ts'
import { globalAvgPool2d } from '../../nn/globalAvgPool2d.ts'
import { globalMaxPool2d } from '../../nn/image/globalMaxPool2d.ts'
import { avgPool1d, maxPool1d } from '../../nn/image/pool1d.ts'
import { upsample } from '../../nn/image/resample.ts'
import { maxPool2d } from '../../nn/maxPool2d.ts'
import { pad } from '../../nn/pad.ts'
import type { Shape } from '../../type/tensor.ts'
import { checkChannelsLast, field, flag, type KerasLayer, padding, sizes } from './config.ts'
import { type Piece, plain } from './piece.ts'
import { averaged, resized, slid } from './shape.ts'
import { unsupported, wrong } from './wrong.ts'

type Pair = readonly [number, number]

const pooling = (layer: KerasLayer, axes: 1 | 2) => {
  checkChannelsLast(layer)
  const size = sizes(layer, 'pool_size', axes, 2)
  const most = layer.limits.window
  if (size.reduce((n, length) => n * length, 1) > most)
    throw wrong('TooLarge', `windows of at most ${most} entries`, brief(size))
  return { size, stride: sizes(layer, 'strides', axes, size), padding: padding(layer) }
}

export const maxPooling2d = (layer: KerasLayer): Piece => {
  const { size, stride, padding } = pooling(layer, 2)
  const options = { stride: stride as Pair, padding }
  return plain(maxPool2d(size as Pair, options), (shape) => slid('maxPool2d', shape, size as Pair, options))
}

export const averagePooling2d = (layer: KerasLayer): Piece => {
  const { size, stride, padding } = pooling(layer, 2)
  const options = { stride: stride as Pair, padding }
  return plain(avgPool2d(size as Pair, { ...options, countPadding: false }), (shape) =>
    slid('avgPool2d', shape, size as Pair, options),
  )
}

export const maxPooling1d = (layer: KerasLayer): Piece => {
  const { size, stride, padding } = pooling(layer, 1)
  const [window, options] = [size[0] as number, { stride: stride[0] as number, padding }]
  return plain(maxPool1d(window, options), (shape) => slid('maxPool1d', shape, window, options))
}

export const averagePooling1d = (layer: KerasLayer): Piece => {
  const { size, stride, padding } = pooling(layer, 1)
  const [window, options] = [size[0] as number, { stride: stride[0] as number, padding }]
  return plain(avgPool1d(window, { ...options, countPadding: false }), (shape) =>
    slid('avgPool1d', shape, window, options),
  )
}

const whole =
  (made: AnyLayer) =>
  (layer: KerasLayer): Piece => {
    checkChannelsLast(layer)
    if (flag(layer, 'keepdims', false)) throw unsupported('keepdims false', 'true')
    return plain(made, averaged)
  }
export const globalAverage = whole(globalAvgPool2d)
export const globalMax = whole(globalMaxPool2d)

/** The widest padding of an image. */
const largest = 65_536
const isWidth = (u: unknown): u is number => Number.isSafeInteger(u) && (u as number) >= 0 && (u as number) <= largest

/** The padding of two axes: one number for all, one for each axis, or two for each. */
export const zeroPadding = (layer: KerasLayer): Piece => {
  checkChannelsLast(layer)
  const found = field(layer, 'padding') ?? 1
  const both: unknown = isWidth(found) ? [found, found] : found
  const widths = (Array.isArray(both) ? both : []).map((one: unknown) => (isWidth(one) ? [one, one] : one))
  if (widths.length !== 2 || !widths.every((two) => Array.isArray(two) && two.length === 2 && two.every(isWidth)))
    throw wrong('BadEntry', 'padding, one or two whole numbers for each axis', brief(found))
  const [rows, columns] = widths as readonly Pair[] as readonly [Pair, Pair]
  const added = [rows[0] + rows[1], columns[0] + columns[1]]
  return plain(pad([rows, columns, 0]), (shape) => resized(shape, (n, i) => n + (added[i] as number)))
}

/** The nearest pixel; what TensorFlow.js does with 'bilinear' differs at the edges. */
export const upSampling = (layer: KerasLayer): Piece => {
  checkChannelsLast(layer)
  const mode = field(layer, 'interpolation') ?? 'nearest'
  if (mode !== 'nearest') throw unsupported("interpolation 'nearest'", brief(mode))
  const factor = sizes(layer, 'size', 2, 2) as Pair
  return plain(upsample(factor), (shape: Shape) => resized(shape, (n, i) => n * (factor[i] as number)))
}
