import { ValueError } from '../error/tensorError.ts'
import type { Layer } from '../layer/layer.ts'
import { parameterless } from '../layer/stateless.ts'
import { scale } from '../op/elementwise/scale.ts'
import { mean, spread } from '../op/reduce/sum.ts'
import { showShape } from '../tensor/shape.ts'
import type { Fn } from '../type/port.ts'

/** Maps the shape of an image [height, width, channels] to its channels. */
export interface ChannelsOnly extends Fn {
  readonly out: this['in'] extends readonly [number, number, infer C extends number] ? readonly [C] : readonly [number]
}

/**
 * The mean of each channel over the whole image: [height, width, channels] to [channels], for images of any size. Place
 * it between convolutions and `linear` if the network should take images of any size. Images without a pixel are a
 * `ValueError`.
 *
 * @example
 * import { fromArray, globalAvgPool2d, init, key, predict, toNested } from 'pullback'
 * const x = fromArray([1, 10, 2, 20, 3, 60], [1, 1, 3, 2])
 * toNested(predict(globalAvgPool2d, init(globalAvgPool2d, key(0)), x)) // => [[2, 30]]
 */
export const globalAvgPool2d: Layer<readonly [number, number, number], ChannelsOnly> = parameterless<
  readonly [number, number, number],
  ChannelsOnly
>('globalAvgPool2d', [-1, -1, -1], (x) => {
  const [, height = 0, width = 0] = x.shape
  if (height * width === 0)
    throw new ValueError({
      op: 'globalAvgPool2d',
      expected: 'at least one pixel',
      actual: showShape(x.shape),
      code: 'empty-batch',
    })
  return [
    mean(x, [1, 2]),
    function globalAvgPool2dPullback(d) {
      return [() => spread(scale(d, 1 / (height * width)), [1, 2], x.shape)]
    },
  ]
})
