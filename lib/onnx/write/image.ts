// Kernels on images, which ONNX takes with the channels in front.

import type { Window } from '../../kernel/window.ts'
import { extentOf, windowCounts } from '../../kernel/window.ts'
import type { Attribute } from './builder.ts'
import { type Call, numberAt, viewAt, type Writer, type Writers } from './kernel.ts'
import { permuted, refined } from './layout.ts'
import type { Size } from './size.ts'
import { type Held, NoLayout } from './tensors.ts'

const channelsFirst = [0, 3, 1, 2]

/** Images [batch, height, width, channels] as ONNX has them, and their sizes but the batch. */
const imagesAt = (call: Call, i: number) => {
  const view = viewAt(call, i)
  const [batch, ...sizes] = view.shape
  if (sizes.some((n) => typeof n !== 'number')) throw new NoLayout('images whose sizes depend on the batch')
  return {
    name: call.tensors.of(permuted(view, channelsFirst), true),
    batch: batch as Size,
    sizes: sizes as readonly number[],
  }
}

const attributesOf = ({
  kernel,
  stride,
  dilation,
  padding: [top, bottom, left, right],
}: Window): Readonly<Record<string, Attribute>> => ({
  kernel_shape: kernel,
  strides: stride,
  dilations: dilation,
  pads: [top, left, bottom, right],
})

/** Images that a node gives, for a place that has their channels last. */
const heldImages = (name: string, batch: Size, counts: readonly number[], channels: number): Held => ({
  name,
  dims: [batch, channels, ...counts],
  order: [0, 2, 3, 1],
})

const convolve: Writer = (call) => {
  const { name, batch, sizes } = imagesAt(call, 0)
  const window = call.args[3] as Window
  const groups = numberAt(call, 4)
  const channels = sizes[2] as number
  const flat = viewAt(call, 1)
  const out = flat.shape[0] as number
  const W = refined(flat, [out, ...window.kernel, channels / groups])
  if (W === undefined) throw new NoLayout('kernels of another layout')
  const kernels = call.tensors.of(permuted(W, channelsFirst), true)
  const counts = windowCounts([0, ...sizes], window)
  const y = call.g.node('Conv', [name, kernels, call.tensors.of(viewAt(call, 2), true)], {
    ...attributesOf(window),
    group: groups,
  })
  return [heldImages(y, batch, counts, out)]
}

/** The transpose of a convolution, from rows of places to images of a shape. */
const convolveToImages: Writer = (call) => {
  const [rows, flat, window] = [viewAt(call, 0), viewAt(call, 1), call.args[2] as Window]
  const [batch, ...sizes] = call.args[3] as readonly [Size, ...number[]]
  const groups = numberAt(call, 4)
  const [height, width, channels] = sizes as [number, number, number]
  const [inputs] = flat.shape as readonly [number]
  const counts = windowCounts([0, height, width, channels], window)
  const d = refined(rows, [batch, ...counts, inputs])
  const W = refined(flat, [inputs, ...window.kernel, channels / groups])
  if (d === undefined || W === undefined) throw new NoLayout('kernels of another layout')
  const [top, bottom, left, right] = window.padding
  const extent = extentOf(window)
  const reached = (axis: 0 | 1, padding: number): number =>
    (counts[axis] - 1) * window.stride[axis] + extent[axis] - padding
  const y = call.g.node(
    'ConvTranspose',
    [call.tensors.of(permuted(d, channelsFirst), true), call.tensors.of(permuted(W, channelsFirst), true)],
    {
      ...attributesOf(window),
      group: groups,
      output_padding: [height - reached(0, top + bottom), width - reached(1, left + right)],
    },
  )
  return [heldImages(y, batch, [height, width], channels)]
}

const maxPool: Writer = (call) => {
  const { name, batch, sizes } = imagesAt(call, 0)
  const window = call.args[1] as Window
  const y = call.g.node('MaxPool', [name], attributesOf(window))
  return [heldImages(y, batch, windowCounts([0, ...sizes], window), sizes[2] as number), undefined]
}

export const images: Writers = { convolve, convolveToImages, maxPool }
