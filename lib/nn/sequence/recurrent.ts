import { untraced } from '../../diff/untraced.ts'
import { checkOptions } from '../../error/options.ts'
import { ShapeError, ValueError } from '../../error/tensorError.ts'
import { derived } from '../../layer/derived.ts'
import type { Layer } from '../../layer/layer.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { where } from '../../op/elementwise/where.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { slice } from '../../op/shape/slice.ts'
import { stack } from '../../op/shape/stack.ts'
import { zeros } from '../../tensor/create.ts'
import { describe } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Fn } from '../../type/port.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { type RecurrentParams, recurrentSpec } from './cell.ts'
import { type Carry, gruSteps, lstmSteps, type Recurrence, rnnSteps } from './steps.ts'
import { mapped } from './weights.ts'

export interface SequenceOptions<M extends boolean = false, A extends 'all' | 'last' = 'all'> {
  /** 'all' for the output of each step, 'last' for that of the last one only; all by default. */
  readonly outputs?: A | undefined
  /** True to go from the last step to the first. The outputs stay in their places. */
  readonly reverse?: boolean | undefined
  /** True to take { input, mask } with a mask [time]: a step where it is 0 changes nothing, and its output is 0. */
  readonly masked?: M | undefined
}

/** The input of a layer of sequences [time, features], with a mask if it takes one. */
export type Sequence<I extends number, M extends boolean> = M extends true
  ? { readonly input: readonly [number, I]; readonly mask: readonly [number] }
  : readonly [number, I]

/** The outputs of all steps, [time, hidden], or of the last one, [hidden]. */
export interface Unrolled<H extends number, A extends 'all' | 'last'> extends Fn {
  readonly out: A extends 'last'
    ? readonly [H]
    : this['in'] extends readonly [infer T extends number, number]
      ? readonly [T, H]
      : this['in'] extends { readonly input: readonly [infer T extends number, number] }
        ? readonly [T, H]
        : readonly [number, H]
}

type Params = RecurrentParams<number, number, number>
type Given = { readonly params: Params; readonly x: Tensor | { readonly input: Tensor; readonly mask: Tensor } }

/** Runs a recurrence over the steps, from a carry of zeros. The products with the input are one product for all steps. */
const run = (
  recurrence: Recurrence,
  hidden: number,
  options: SequenceOptions<boolean, 'all' | 'last'>,
  { params, x }: Given,
): Tensor => {
  const { input, mask } =
    options.masked === true
      ? (x as { readonly input: Tensor; readonly mask: Tensor })
      : { input: x as Tensor, mask: undefined }
  const [batch, length, features] = input.shape as readonly [number, number, number]
  if (length === 0)
    throw new ShapeError({
      op: recurrence.kind,
      expected: 'a sequence of at least one step',
      actual: showShape(input.shape),
    })
  const width = recurrence.gates * hidden
  const flat = reshape(input, [batch * length, features]) as Tensor
  const all = reshape(mapped(params.input, flat), [batch, length, width]) as Tensor
  const nothing = zeros<Shape, Float>([batch, hidden], input.dtype) as Tensor
  const outputs: Tensor[] = []
  let carry: Carry = recurrence.cells ? { h: nothing, c: nothing } : { h: nothing }
  for (let i = 0; i < length; i++) {
    const t = options.reverse === true ? length - 1 - i : i
    const next = recurrence.step(slice(all, [null, t]) as Tensor, mapped(params.hidden, carry.h), carry, hidden)
    if (mask === undefined) carry = next
    else {
      const own = reshape(slice(untraced(mask), [null, t]) as Tensor, [batch, 1]) as Tensor
      const here = broadcast(own, [batch, hidden]) as Tensor
      const chosen = (a: Tensor, b: Tensor): Tensor => where(here, a as never, b as never) as Tensor
      carry = { h: chosen(next.h, carry.h), ...(next.c && { c: chosen(next.c, carry.c as Tensor) }) }
      outputs[t] = maskAbove(carry.h, here)
      continue
    }
    outputs[t] = carry.h
  }
  return options.outputs === 'last' ? carry.h : (stack(outputs, 1) as Tensor)
}

const sequence =
  (recurrence: Recurrence) =>
  (
    inputs: number,
    hidden: number,
    options: SequenceOptions<boolean, 'all' | 'last'> = {},
  ): Layer<never, never, Params> => {
    const { kind } = recurrence
    checkOptions(kind, options, ['outputs', 'reverse', 'masked'])
    if (![undefined, 'all', 'last'].includes(options.outputs))
      throw new ValueError({ op: kind, expected: "outputs 'all' or 'last'", actual: describe(options.outputs) })
    const port = options.masked === true ? { input: [-1, inputs], mask: [-1] } : [-1, inputs]
    return derived<never, never, Params>(
      kind,
      port as never,
      recurrentSpec(recurrence, inputs, hidden) as never,
      (given) => run(recurrence, hidden, options, given),
    )
  }

type Make = <
  const I extends number,
  const H extends number,
  const M extends boolean = false,
  const A extends 'all' | 'last' = 'all',
>(
  inputs: I,
  hidden: H,
  options?: SequenceOptions<M, A>,
) => Layer<Sequence<I, M>, Unrolled<H, A>, RecurrentParams<I, number, H>>

/**
 * A plain recurrent network over a sequence: `rnnCell` at each step, from zeros: [time, inputs] to [time, hidden], or to
 * [hidden] for the last output only.
 *
 * @example
 * import { init, key, predict, rnn, zeros } from 'pullback'
 * const layer = rnn(3, 4, { outputs: 'last' })
 * predict(layer, init(layer, key(0)), zeros([2, 10, 3])).shape // => [2, 4]
 */
export const rnn: Make = /* @__PURE__ */ sequence(rnnSteps) as never

/**
 * A gated recurrent unit over a sequence: `gruCell` at each step, from zeros: [time, inputs] to [time, hidden], or to
 * [hidden] for the last output only. The products with the input are one product for all steps. With `masked` it takes
 * { input, mask }: where the mask is 0, h stays as it was and the output is 0, so that padding never changes a result. To
 * begin with another h, or to keep the last one, run `recur(gruCell(…))`.
 *
 * A sequence without steps is a `ShapeError`.
 *
 * @example
 * import { gru, init, key, predict, zeros } from 'pullback'
 * const layer = gru(3, 4)
 * predict(layer, init(layer, key(0)), zeros([2, 10, 3])).shape // => [2, 10, 4]
 */
export const gru: Make = /* @__PURE__ */ sequence(gruSteps) as never

/**
 * A long short-term memory over a sequence: `lstmCell` at each step, from zeros: [time, inputs] to [time, hidden], or to
 * [hidden] for the last output only. Options as for `gru`.
 *
 * @example
 * import { init, key, lstm, predict, zeros } from 'pullback'
 * const layer = lstm(3, 4)
 * predict(layer, init(layer, key(0)), zeros([2, 10, 3])).shape // => [2, 10, 4]
 */
export const lstm: Make = /* @__PURE__ */ sequence(lstmSteps) as never
