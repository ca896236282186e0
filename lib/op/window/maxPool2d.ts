import { innermost } from '../../diff/boxed.ts'
import { composite, type Operation, primitive } from '../../diff/primitive.ts'
import { untraced } from '../../diff/untraced.ts'
import { checkOptions } from '../../error/options.ts'
import { engine } from '../../kernel/current.ts'
import { images } from '../../kernel/wasm/set/images.ts'
import { type Window, windowCounts } from '../../kernel/window.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { gather, offset, scatterAdd } from '../indexing/gather.ts'
import { fold, reshape, unfold } from '../shape/reshape.ts'
import { type Pool2d, pooling } from './pooling.ts'

type Places = (x: Tensor, window: Window) => Tensor<Shape, 'int32'>
type Chosen = (x: Tensor, values: Tensor, index: Tensor<Shape, 'int32'>) => Tensor

/** Returns `values`, the entries of x at row-major indices, so that their cotangents go to these entries. */
const chosen: Operation<Chosen> = /* @__PURE__ */ primitive<Chosen>(
  'maxPool2d',
  (_, values) => values,
  (_, x, __, index) =>
    function maxPool2dPullback(d) {
      return [() => reshape(scatterAdd(d, index, x.size), x.shape), null, null]
    },
)

/** The row-major index in x of the largest entry of each window. */
const places: Operation<Places> = /* @__PURE__ */ primitive<Places>(
  'maxPool2d',
  (x, window) => {
    const shape = [x.shape[0] as number, ...windowCounts(x.shape, window), x.shape[3] as number]
    return fresh(shape, engine().with(images).maxPool(raw(x), window)[1])
  },
  () => () => [null, null],
  ({ size, args: [one], outer: [x, window] }) =>
    // Each example counts from its own first image on.
    offset(unfold(places(fold(x), window), size, one.shape[0] as number), -one.size),
)

/**
 * The largest entry of each window, channel by channel: x [batch, height, width, channels] to [batch, height′, width′,
 * channels] of sizes ⌊(size + 2 · padding − dilation · (window − 1) − 1) / stride⌋ + 1, or ⌈size / stride⌉ if padding
 * is 'same'. The stride is the size of the window, padding 0 and dilation 1 unless given; the padding is −∞. Of equal
 * entries the first gets the whole cotangent. A window with a NaN gives NaN.
 *
 * A window larger than the image and its padding, and one that can lie in the padding alone, are a `ShapeError`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * const x = op.reshape(fromNested([[1, 2, 3], [4, 5, 6]]), [1, 2, 3, 1])
 * toArray(op.maxPool2d(x, 2)) // => [5]
 * toArray(op.maxPool2d(x, 2, { stride: 1 })) // => [5, 6]
 */
export const maxPool2d: Operation<Pool2d> = /* @__PURE__ */ composite<Pool2d>('maxPool2d', (x, size, given = {}) => {
  checkOptions('maxPool2d', given, ['stride', 'padding', 'dilation'])
  const { stride = size, ...options } = given
  const [window, counts] = pooling('maxPool2d', x as Tensor, size, { ...options, stride })
  const shape = [x.shape[0], ...counts, x.shape[3]] as const
  const numbers = untraced(x)
  if (innermost([numbers]) !== undefined) {
    const [y, back] = gather.pull(reshape(x, [x.size]), places(numbers, window))
    return [y, (d: Tensor) => [() => reshape((back(d)[0] as () => Tensor)(), x.shape), null, null]] as never
  }
  const [values, index] = engine().with(images).maxPool(raw(numbers), window)
  return chosen.pull(x, fresh(shape, values as Float64Array), fresh(shape, index)) as ReturnType<typeof maxPool2d.pull>
})
