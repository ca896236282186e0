import { derived } from '../../layer/derived.ts'
import { type Layer, none } from '../../layer/layer.ts'
import { max } from '../../op/reduce/max.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { ChannelsOnly } from '../globalAvgPool2d.ts'

/**
 * The largest entry of each channel of an image: [height, width, channels] to [channels], for images of any size. Images
 * without a pixel are a `ValueError`.
 *
 * @example
 * import { fromArray, globalMaxPool2d, init, key, predict, toNested } from 'pullback'
 * const x = fromArray([1, 10, 2, 20, 3, 6], [1, 1, 3, 2])
 * toNested(predict(globalMaxPool2d, init(globalMaxPool2d, key(0)), x)) // => [[3, 20]]
 */
export const globalMaxPool2d: Layer<readonly [number, number, number], ChannelsOnly> = /* @__PURE__ */ derived(
  'globalMaxPool2d',
  [-1, -1, -1] as readonly [number, number, number],
  none as never,
  ({ x }: { readonly x: Tensor }) => max(x, [1, 2]) as Tensor,
)
