import { ShapeError } from '../error/tensorError.ts'
import { derived } from '../layer/derived.ts'
import { any, type Layer, none } from '../layer/layer.ts'
import { max } from '../op/reduce/max.ts'
import { reshape } from '../op/shape/reshape.ts'
import { checkCount } from '../tensor/range.ts'
import { checkRank, showShape } from '../tensor/shape.ts'
import type { Div } from '../type/nat.ts'
import type { Any, Fn } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import type { Divides } from '../type/window.ts'

/** The last size divided by K, or a sentence where that leaves a remainder. */
export interface Pieces<K extends number> extends Fn {
  readonly out: this['in'] extends readonly [...infer L extends Shape, infer N extends number]
    ? Divides<K, N> extends false
      ? `pieces of ${K} do not divide ${N} features`
      : readonly [...L, Div<N, K>]
    : Shape
}

/**
 * The largest of each k features that lie side by side: [..., n k] to [..., n]. Behind `linear(m, n · k)` it is a unit of
 * k linear pieces. Of equal features the first gets the whole cotangent.
 *
 * Goodfellow et al., "Maxout networks" (ICML 2013).
 *
 * @example
 * import { fromNested, init, key, maxout, predict, toNested } from 'pullback'
 * toNested(predict(maxout(2), init(maxout(2), key(0)), fromNested([[1, 3, 5, 4]]))) // => [[3, 5]]
 */
export const maxout = <const K extends number>(pieces: K): Layer<Any, Pieces<K>> => {
  checkCount('maxout', { 'a number of pieces': pieces })
  return derived('maxout', any, none as never, ({ x }: { readonly x: Tensor }) => {
    checkRank('maxout', x, 2)
    const [n, ...leading] = [...x.shape].reverse() as [number, ...number[]]
    if (n % pieces !== 0)
      throw new ShapeError({ op: 'maxout', expected: `features in pieces of ${pieces}`, actual: showShape(x.shape) })
    return max(reshape(x, [...leading.reverse(), n / pieces, pieces]) as Tensor, -1) as Tensor
  })
}
