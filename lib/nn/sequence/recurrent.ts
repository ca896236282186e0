import { derived } from '../../layer/derived.ts'
import { inner, type Layer, none } from '../../layer/layer.ts'
import type { Apply, Fn } from '../../type/port.ts'
import type { FitsShape } from '../../type/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { dropout } from '../dropout.ts'
import { type LstmCarry, recurrentSpec } from './cell.ts'
import { type AnySequenceOptions, type Carrying, checkSequenceOptions, type SequenceOptions } from './options.ts'
import { type EachPart, fromParts, partNames, type StackedParams, type WidthOf } from './stacked.ts'
import { gruSteps, lstmSteps, type Recurrence, rnnSteps } from './steps.ts'
import { unroll } from './unroll.ts'

/** The input of a layer of sequences [time, features], with a mask if it takes one. */
export type Sequence<I extends number, M extends boolean> = M extends true
  ? { readonly input: readonly [number, I]; readonly mask: readonly [number] }
  : readonly [number, I]

/** The input of a recurrent layer, with what it begins with if it takes that. */
export type Begun<I extends number, M extends boolean, C extends Carrying, K> = C extends 'in' | 'both'
  ? M extends true
    ? Sequence<I, true> & { readonly carry: K }
    : { readonly input: readonly [number, I]; readonly carry: K }
  : Sequence<I, M>

type Some<T extends number> = T extends 0 ? 'a sequence has at least one step' : T
/** The number of steps of a sequence, or a sentence. */
type StepsOf<X> = X extends {
  readonly input: readonly [infer T extends number, ...Shape]
  readonly mask: readonly [infer M extends number]
}
  ? FitsShape<readonly [T], readonly [M]> extends true
    ? Some<T>
    : `a mask of ${M} steps does not fit a sequence of ${T}`
  : X extends
        | { readonly input: readonly [infer T extends number, ...Shape] }
        | readonly [infer T extends number, number]
    ? Some<T>
    : number

/** The outputs of all steps, [time, hidden], or of the last one, [hidden]. */
export interface Unrolled<H extends number, A extends 'all' | 'last'> extends Fn {
  readonly out: StepsOf<this['in']> extends infer T
    ? T extends number
      ? A extends 'last'
        ? readonly [H]
        : readonly [T, H]
      : T
    : never
}

/** Outputs, with what is carried out of the last step. */
export interface Carried<H extends number, A extends 'all' | 'last', K> extends Fn {
  readonly out: Apply<Unrolled<H, A>, this['in']> extends infer Y
    ? Y extends string
      ? Y
      : { readonly output: Y; readonly carry: K }
    : never
}

const sequence =
  (recurrence: Recurrence) =>
  (inputs: number, hidden: number, options: AnySequenceOptions = {}): Layer<never, never, never> => {
    const { kind, cells } = recurrence
    checkSequenceOptions(kind, options)
    const { masked, layers = 1, drop = 0, carry = 'none', outputs, reverse, bidirectional } = options
    const parts = partNames(layers, bidirectional === true)
    const each = (f: (layer: number, directions: number) => unknown): unknown =>
      fromParts(new Map(parts.flatMap((of, i) => of.map((name) => [name, f(i, of.length)]))))
    const begins = carry === 'in' || carry === 'both'
    const port =
      masked === true || begins
        ? {
            input: [-1, inputs],
            ...(masked === true && { mask: [-1] }),
            ...(begins && { carry: each(() => (cells ? { h: [hidden], c: [hidden] } : [hidden])) }),
          }
        : [-1, inputs]
    const params = each((i, directions) => recurrentSpec(recurrence, i === 0 ? inputs : hidden * directions, hidden))
    const network = {
      recurrence,
      hidden,
      names: parts,
      isReverse: reverse === true,
      isLast: outputs === 'last',
      givesCarry: carry === 'out' || carry === 'both',
    }
    const dropped = dropout({ drop })
    return derived<never, never, never>(kind, port as never, params as never, (given, context) => {
      const between = (y: Tensor, name: string): Tensor =>
        dropped.apply(none, none, inner(context, name), y as never).value as Tensor
      return unroll({ ...network, between }, given.params, given.x)
    })
  }

type Make<Cells extends boolean> = <
  const I extends number,
  const H extends number,
  const M extends boolean = false,
  const A extends 'all' | 'last' = 'all',
  const N extends number = 1,
  const B extends boolean = false,
  const C extends Carrying = 'none',
  K = EachPart<N, B, Cells extends true ? LstmCarry<H> : readonly [H]>,
>(
  inputs: I,
  hidden: H,
  options?: SequenceOptions<M, A, N, B, C>,
) => Layer<
  Begun<I, M, C, K>,
  C extends 'out' | 'both' ? Carried<WidthOf<H, B>, A, K> : Unrolled<WidthOf<H, B>, A>,
  StackedParams<I, H, N, B>
>

/**
 * A plain recurrent network over a sequence: `rnnCell` at each step, [time, inputs] to [time, hidden], or to [hidden] for
 * the last output only. Options and errors are those of `gru`.
 *
 * @example
 * import { init, key, predict, rnn, zeros } from 'pullback'
 * const layer = rnn(3, 4, { outputs: 'last' })
 * predict(layer, init(layer, key(0)), zeros([2, 10, 3])).shape // => [2, 4]
 */
export const rnn: Make<false> = /* @__PURE__ */ sequence(rnnSteps) as never

/**
 * A gated recurrent unit over a sequence: `gruCell` at each step, from zeros: [time, inputs] to [time, hidden], or to
 * [hidden] for the last output only. The products with the input are one product for all steps.
 *
 * - With `layers` each layer takes the outputs of the one before, and `bidirectional` puts both directions side by side:
 *   [time, 2 · hidden]. Parameters are then those of `l0`, `l0_reverse`, `l1`, …: the weights of PyTorch end so. `drop` is
 *   the probability of dropout between layers.
 * - With `masked` it takes { input, mask [time] }: 1 at each step, 0 at padding. Where the mask is not above 0, h stays as
 *   it was and the output is 0, so that padding never changes a result or a gradient, whatever it holds.
 * - With `carry: 'in'` it takes { input, carry } and begins with that h, with 'out' it gives { output, carry }, with 'both'
 *   it does both. Several layers and directions carry a record with their names.
 *
 * A sequence without steps and a mask of another shape are a `ShapeError`, at compile time where sizes are literal; a mask
 * of another number format is a `DTypeError`.
 *
 * @example
 * import { gru, init, key, predict, zeros } from 'pullback'
 * const layer = gru(3, 4, { layers: 2, carry: 'out' })
 * const { output, carry } = predict(layer, init(layer, key(0)), zeros([2, 10, 3]))
 * output.shape // => [2, 10, 4]
 * carry.l1.shape // => [2, 4]
 */
export const gru: Make<false> = /* @__PURE__ */ sequence(gruSteps) as never

/**
 * A long short-term memory over a sequence: `lstmCell` at each step, [time, inputs] to [time, hidden], or to [hidden] for
 * the last output only. Options and errors are those of `gru`; what it carries is { h, c }.
 *
 * @example
 * import { init, key, lstm, predict, zeros } from 'pullback'
 * const layer = lstm(3, 4, { bidirectional: true })
 * predict(layer, init(layer, key(0)), zeros([2, 10, 3])).shape // => [2, 10, 8]
 */
export const lstm: Make<true> = /* @__PURE__ */ sequence(lstmSteps) as never
