import { checkOptions } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import { checkInitial } from '../../initializer/checkInitial.ts'
import { normal } from '../../initializer/drawn.ts'
import type { Initializer } from '../../initializer/initializer.ts'
import { derived } from '../../layer/derived.ts'
import type { Layer } from '../../layer/layer.ts'
import { anyInts } from '../../layer/port.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { cast } from '../../op/elementwise/cast.ts'
import { gather } from '../../op/indexing/gather.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { notEqual } from '../../op/step/compare.ts'
import { full } from '../../tensor/create.ts'
import { describe } from '../../tensor/data.ts'
import { checkLabels } from '../../tensor/label.ts'
import type { Any, Fn, Ints, ShowPort } from '../../type/port.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { checkSizes } from './weights.ts'

/** A vector for each whole number of an example. */
export interface Embedded<W extends number> extends Fn {
  readonly out: this['in'] extends Ints<infer S>
    ? readonly [...S, W]
    : this['in'] extends Any
      ? Shape
      : `takes whole numbers, as from int([…]), but the layer before gives ${ShowPort<this['in']>}`
}

export interface EmbeddingOptions {
  /** A token whose vector is 0 and is not learned. */
  readonly padding?: number | undefined
  /** The initializer of the vectors, a standard normal distribution by default. */
  readonly W?: Initializer | undefined
}

/**
 * A learned vector for each token: whole numbers [...L] from 0 to count − 1 to [...L, width], the rows of W [count,
 * width] that they name. W is drawn from a standard normal distribution, as in PyTorch. The vector of the token `padding`
 * counts as 0 and gets no gradient. `tie` shares W with an output layer `linear(width, count)`.
 *
 * A token outside 0 … count − 1 is a `ValueError`; an input that is not int32 is a `DTypeError`.
 *
 * @example
 * import { embedding, fromNested, init, key, predict } from 'pullback'
 * const layer = embedding(100, 8)
 * predict(layer, init(layer, key(0)), fromNested([[1, 5, 99]], 'int32')).shape // => [1, 3, 8]
 */
export const embedding = <const N extends number, const W extends number>(
  count: N,
  width: W,
  options: EmbeddingOptions = {},
): Layer<Ints, Embedded<W>, { readonly W: Tensor<readonly [N, W]> }> => {
  checkOptions('embedding', options, ['padding', 'W'])
  checkInitial('embedding', options, ['W'])
  checkSizes('embedding', { tokens: count, features: width })
  const { padding, W: draw = normal() } = options
  if (padding !== undefined && !(Number.isInteger(padding) && padding >= 0 && padding < count))
    throw new ValueError({
      op: 'embedding',
      expected: `a padding token from 0 to ${count - 1}`,
      actual: describe(padding),
    })
  type Params = { readonly W: Tensor<readonly [N, W]> }
  return derived<Ints, Embedded<W>, Params>(
    'embedding',
    anyInts,
    { W: { shape: [count, width], draw } } as never,
    ({ params, x }: { readonly params: Params; readonly x: Tensor<Shape, 'int32'> }) => {
      checkLabels('embedding', x, count, 'tokens')
      const rows = gather(params.W as unknown as Tensor, x) as Tensor
      if (padding === undefined) return rows
      // float64 has every int32; float32 takes tokens above 2^24 for their neighbors.
      const real = notEqual(cast(x as never, 'float64'), full(x.shape, padding, 'float64') as never)
      const kept = reshape(cast(real as never, rows.dtype) as Tensor, [...x.shape, 1]) as Tensor
      return maskAbove(rows, broadcast(kept, rows.shape))
    },
  )
}
