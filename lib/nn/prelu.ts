import { checkOptions } from '../error/options.ts'
import { ShapeError } from '../error/tensorError.ts'
import { checkInitial } from '../initializer/checkInitial.ts'
import { constant } from '../initializer/constant.ts'
import type { Initializer } from '../initializer/initializer.ts'
import { any, type Layer, lazy } from '../layer/layer.ts'
import { fromPull } from '../layer/stateless.ts'
import { prelu as operation } from '../op/activation/prelu.ts'
import { checkShape, showShape } from '../tensor/shape.ts'
import { vjp } from '../transform/vjp.ts'
import type { Any, Same } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'

/** The slopes below zero: one for all entries, or one for each channel. */
export type PreluParams<C extends number> = { readonly a: Tensor<readonly [C]> }

/**
 * x where x > 0, else a · x, with learned slopes a [channels]: one for all entries, or one for each entry of the last
 * axis. They start at 0.25 unless another initializer is given. At 0 the derivative with respect to x is a, and the one
 * with respect to a is 0. This is PyTorch's `PReLU`, except that there the channels are the second axis.
 *
 * An input whose last axis is not the channels is a `ShapeError`.
 *
 * @example
 * import { fromNested, init, key, prelu, predict, toNested } from 'pullback'
 * const layer = prelu({ channels: 2 })
 * toNested(predict(layer, init(layer, key(0)), fromNested([[-4, 3]]))) // => [[-1, 3]]
 */
export const prelu = <const C extends number = 1>(
  options: { readonly channels?: C | undefined; readonly a?: Initializer | undefined } = {},
): Layer<Any, Same, PreluParams<C>> => {
  checkOptions('prelu', options, ['channels', 'a'])
  checkInitial('prelu', options, ['a'])
  const { channels = 1 as C, a = constant(0.25) } = options
  checkShape('prelu', [channels])
  return fromPull<Any, Same, PreluParams<C>>('prelu', any, { a: { shape: [channels], draw: a } }, (x, a) => {
    if (channels !== 1 && (x.shape.length < 2 || x.shape.at(-1) !== channels))
      throw new ShapeError({ op: 'prelu', expected: `[batch, …, ${channels}]`, actual: showShape(x.shape) })
    const [value, back] = vjp((both: { readonly x: Tensor; readonly a: Tensor }) => operation(both.x, both.a))({
      x,
      a: a as Tensor,
    })
    return [
      value,
      (dy) => {
        const cotangents = lazy(() => back(dy))
        return [() => cotangents().x, () => cotangents().a]
      },
    ]
  })
}
