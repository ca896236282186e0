import { composite, type Operation } from '../../diff/primitive.ts'
import { checkOptions } from '../../error/options.ts'
import { full, zeros } from '../../tensor/create.ts'
import { fromArray } from '../../tensor/from.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { AverageOptions } from '../../type/window.ts'
import { mul } from '../elementwise/mul.ts'
import { scale } from '../elementwise/scale.ts'
import { spread } from '../reduce/sum.ts'
import { reshape } from '../shape/reshape.ts'
import { convolve } from './convolve.ts'
import { insideCounts, type Pool2d, pooling } from './pooling.ts'

type AvgPool2d = Pool2d<Pick<AverageOptions, 'countPadding'>>

/**
 * The mean of each window, channel by channel: x [batch, height, width, channels] to [batch, height′, width′,
 * channels], of the sizes that `maxPool2d` gives. The stride is the size of the window, padding 0 and dilation 1 unless
 * given. The padding counts as zeros, as in PyTorch; with `countPadding: false` the mean is that of the entries of the
 * image alone, as in TensorFlow.
 *
 * A window larger than the image and its padding, and one that can lie in the padding alone, are a `ShapeError`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * const x = op.reshape(fromNested([[1, 2, 3], [4, 5, 6]]), [1, 2, 3, 1])
 * toArray(op.avgPool2d(x, 2)) // => [3]
 * toArray(op.avgPool2d(x, 2, { stride: 1 })) // => [3, 4]
 * toArray(op.avgPool2d(x, 2, { padding: 'same' })) // => [3, 2.25]
 * toArray(op.avgPool2d(x, 2, { padding: 'same', countPadding: false })) // => [3, 4.5]
 */
export const avgPool2d: Operation<AvgPool2d> = /* @__PURE__ */ composite<AvgPool2d>(
  'avgPool2d',
  (x, size, given = {}) => {
    checkOptions('avgPool2d', given, ['stride', 'padding', 'dilation', 'countPadding'])
    const { stride = size, countPadding = true, ...options } = given
    const [window, counts] = pooling('avgPool2d', x as Tensor, size, { ...options, stride })
    const [batch, height, width, channels] = x.shape
    const [down, right] = counts
    const n = sizeOf(window.kernel)
    // A kernel of ones for each channel adds up the windows.
    const groups = Math.max(1, channels)
    const ones = full([channels, (n * channels) / groups], 1, x.dtype) as Tensor
    const [sums, back] = convolve.pull(x as Tensor, ones, zeros([channels], x.dtype) as Tensor, window, groups)
    const shape = [batch, down, right, channels] as const
    const mean = (y: Tensor): Tensor => {
      if (countPadding) return scale(y, 1 / n)
      const [rows, columns] = [insideCounts(height, down, window, 0), insideCounts(width, right, window, 1)]
      const shares = rows.flatMap((p) => columns.map((q) => 1 / (p * q)))
      return mul(y, spread(fromArray(shares, [down, right], x.dtype), [0, 3], shape) as Tensor)
    }
    return [
      mean(reshape(sums, shape) as Tensor),
      function avgPool2dPullback(d: Tensor) {
        return [() => (back(reshape(mean(d), sums.shape))[0] as () => Tensor)(), null, null]
      },
    ] as never
  },
)
