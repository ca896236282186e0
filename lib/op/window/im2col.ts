import { type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import { images } from '../../kernel/wasm/set/images.ts'
import { type Window, windowCounts } from '../../kernel/window.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { fold, unfold } from '../shape/reshape.ts'

type Im2col = (x: Tensor, window: Window) => Tensor
type Col2im = (d: Tensor, window: Window, shape: Shape) => Tensor

/**
 * The windows of images x [batch, height, width, channels], a row for each. Where a window reaches over the edge, the
 * row has zeros.
 */
export const im2col: Operation<Im2col> = /* @__PURE__ */ primitive<Im2col>(
  'im2col',
  (x, window) => {
    const rows = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window))
    return fresh([rows, sizeOf(window.kernel) * (x.shape[3] as number)], engine().with(images).im2col(raw(x), window))
  },
  (_, x, window) =>
    function im2colPullback(d) {
      return [() => col2im(d, window, x.shape), null]
    },
  ({ size, args: [one], outer: [x, window] }) => {
    const rows = (one.shape[0] as number) * sizeOf(windowCounts(one.shape, window))
    return unfold(im2col(fold(x), window), size, rows)
  },
)

/** Adds rows of windows up to images of a shape, each entry at the place it came from: the transpose of `im2col`. */
export const col2im: Operation<Col2im> = /* @__PURE__ */ primitive<Col2im>(
  'col2im',
  (d, window, shape) => fresh(shape, engine().with(images).col2im(raw(d), window, shape)),
  (_, __, window) =>
    function col2imPullback(d) {
      return [() => im2col(d, window), null, null]
    },
  ({ size, outer: [d, window, [n = 0, ...image]] }) => unfold(col2im(fold(d), window, [size * n, ...image]), size, n),
)
