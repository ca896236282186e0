import { checkFunction } from '../../layer/checkLayer.ts'
import type { AnyLayer, In, Layer, Params } from '../../layer/layer.ts'
import type { Loose } from '../../layer/records.ts'
import { concat } from '../../op/shape/concat.ts'
import type { Mul } from '../../type/nat.ts'
import type { Fn } from '../../type/port.ts'
import type { Tensor } from '../../type/tensor.ts'
import { define } from '../define.ts'
import type { Given } from '../through.ts'

/** The last size twice as large. */
export interface Doubled<L extends AnyLayer> extends Fn {
  readonly out: Given<L, this['in']> extends infer Y
    ? Y extends readonly [...infer S extends readonly number[], infer N extends number]
      ? readonly [...S, Mul<N, 2>]
      : Y
    : never
}

/** A recurrent layer in both directions. */
export interface BothWays<L extends AnyLayer> {
  readonly forward: Params<L>
  readonly backward: Params<L>
}

/**
 * A recurrent layer from the first step to the last and another one back, their outputs side by side, forward first: `f`
 * makes each from the options of its direction. Each gives one tensor; `rnn`, `gru` and `lstm` that give what they carry
 * too have an option `bidirectional` of their own.
 *
 * @example
 * import { bidirectional, gru, init, key, predict, zeros } from 'pullback'
 * const layer = bidirectional((direction) => gru(3, 4, direction))
 * predict(layer, init(layer, key(0)), zeros([2, 10, 3])).shape // => [2, 10, 8]
 */
export const bidirectional = <const L extends AnyLayer>(
  f: (direction: { readonly reverse: boolean }) => L,
): Layer<In<L>, Doubled<L>, BothWays<L>> => {
  checkFunction('bidirectional', 'a function from { reverse } to a layer', f)
  const [forward, backward] = [f({ reverse: false }), f({ reverse: true })]
  const both = (x: Loose, of: Loose): Tensor => concat([of.forward(x), of.backward(x)] as Tensor[], -1) as Tensor
  return (define as Loose)(forward.input, { forward, backward }, both)
}
