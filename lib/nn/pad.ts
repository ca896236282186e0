import { ShapeError, ValueError } from '../error/tensorError.ts'
import { derived } from '../layer/derived.ts'
import { any, type Layer, none } from '../layer/layer.ts'
import { pad as operation, type Padding, widthsOf } from '../op/shape/pad.ts'
import { describe } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import { fixed } from '../tree/fixed.ts'
import type { Add } from '../type/nat.ts'
import type { Any, Fn } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

type Grown<N extends number, P> = P extends readonly [infer B extends number, infer A extends number]
  ? Add<N, Add<B, A>>
  : P extends number
    ? Add<N, Add<P, P>>
    : number
/** The sizes of an example with what is added before and after. */
export interface Padded<P extends readonly Padding[]> extends Fn {
  readonly out: this['in'] extends infer S extends Shape
    ? { readonly [K in keyof S]: Grown<S[K] & number, K extends keyof P ? P[K] : 0> }
    : Shape
}

/**
 * Adds entries before and after those of each axis of an example, 0 unless another value is given: `op.pad` as a layer.
 * The widths are [before, after] for each axis, or one number for both.
 *
 * @example
 * import { init, key, pad, predict, zeros } from 'pullback'
 * const layer = pad([1, [0, 2], 0])
 * predict(layer, init(layer, key(0)), zeros([5, 4, 4, 3])).shape // => [5, 6, 6, 3]
 */
export const pad = <const P extends readonly Padding[]>(widths: P, value = 0): Layer<Any, Padded<P>> => {
  if (!Array.isArray(widths))
    throw new ShapeError({ op: 'pad', expected: 'a list of widths, one for each axis', actual: describe(widths) })
  if (typeof value !== 'number')
    throw new ValueError({ op: 'pad', expected: 'a plain number', actual: describe(value) })
  widthsOf(widths, widths.length, 'an example')
  const own = fixed<readonly Padding[]>(widths)
  return derived('pad', any, none as never, ({ x }: { readonly x: Tensor }) => {
    if (x.shape.length !== own.length + 1)
      throw new ShapeError({
        op: 'pad',
        expected: `examples of ${own.length} axes, as many as widths`,
        actual: showShape(x.shape),
      })
    return operation(x, [0, ...own], value) as Tensor
  })
}
