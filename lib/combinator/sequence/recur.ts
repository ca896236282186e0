import { checkOptions } from '../../error/options.ts'
import { ShapeError, StructureError } from '../../error/tensorError.ts'
import type { Cell, Timed } from '../../layer/cell.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import { type AnyLayer, any, inner, type Layer } from '../../layer/layer.ts'
import { at, joined, overPieces } from '../../layer/overPieces.ts'
import { checkPort } from '../../layer/port.ts'
import type { Loose, LooseApply } from '../../layer/records.ts'
import { checkSteps, timed } from '../../layer/timed.ts'
import { wrapper } from '../../layer/wrapper.ts'
import { concat } from '../../op/shape/concat.ts'
import { slice } from '../../op/shape/slice.ts'
import { stack } from '../../op/shape/stack.ts'
import { describe } from '../../tensor/data.ts'
import { checkCount } from '../../tensor/range.ts'
import { leaves, mapTree, type Tree } from '../../tree/tree.ts'
import type { Port } from '../../type/port.ts'
import { checkpointed } from '../checkpointed.ts'

export interface RecurOptions {
  /** True to go from the last step to the first. The outputs stay in their places. */
  readonly reverse?: boolean | undefined
  /** For long sequences: only the carry after each block of this many steps is kept; the backward pass runs it again. */
  readonly checkpoint?: number | undefined
}

/** The number of steps, the same in each tensor. */
const lengthOf = (x: Tree): number => {
  const parts = leaves(x)
  for (const part of parts) checkSteps('recur', part)
  const lengths = parts.map(({ shape }) => shape[1] as number)
  const n = lengths[0] ?? 0
  if (lengths.some((length) => length !== n))
    throw new ShapeError({
      op: 'recur',
      expected: `sequences of one length, the first has ${n}`,
      actual: lengths.join(', '),
    })
  return n
}

/**
 * Runs a cell over the steps of a sequence: { input [time, …X], carry } to { output [time, …Y], carry }. At each step the
 * cell takes that step's input and what was carried, and gives that step's output and what is carried on; what is carried
 * out of the last step is an output too. Parameters are shared by all steps, and the gradient of each is the sum over
 * them; layers with state pass it on from step to step; each step has its own random key. Forward and backward are loops
 * over the cell's own pullback. With `checkpoint: n` the backward pass keeps what is carried at every n-th step only and
 * runs the steps between once more: the same numbers, in memory for about length / n + n steps.
 *
 * A sequence without steps, and a cell that carries on something of another shape than it takes, is a `ShapeError`.
 *
 * @example
 * import { fromNested, init, key, layer, op, predict, recur, toNested } from 'pullback'
 * const sum = layer({
 *   kind: 'sum',
 *   input: { input: [1], carry: [1] },
 *   params: {},
 *   forward: (_, { input, carry }) => ({ output: op.add(input, carry), carry: op.add(input, carry) }),
 * })
 * const sums = recur(sum)
 * const { output } = predict(sums, init(sums, key(0)), {
 *   input: fromNested([[[1], [2], [3]]]),
 *   carry: fromNested([[0]]),
 * })
 * toNested(output) // => [[[1], [3], [6]]]
 */
export const recur = <X, C, Y, P, S>(
  cell: Cell<X, C, Y, P, S>,
  options: RecurOptions = {},
): Layer<{ readonly input: Timed<X>; readonly carry: C }, { readonly output: Timed<Y>; readonly carry: C }, P, S> => {
  checkLayer('recur', cell, 'a cell, which is a layer')
  checkOptions('recur', options, ['reverse', 'checkpoint'])
  const { reverse = false, checkpoint } = options
  if (checkpoint !== undefined) checkCount('recur', { 'a checkpoint of steps': checkpoint })
  const port = cell.input as Loose
  if (port === null || typeof port !== 'object' || !('input' in port && 'carry' in port))
    throw new StructureError({
      op: 'recur',
      expected: 'a cell that takes { input, carry }',
      actual: port === any ? 'one for any input' : describe(port),
    })
  const input = { input: timed('recur', port.input), carry: port.carry } as Port
  const step: LooseApply = cell.apply
  /** The steps of a sequence that begins at one of another. */
  const stepsFrom = (first: number, length: number): LooseApply => {
    const run =
      (t: number): LooseApply =>
      (params, state, context, x) => {
        const found = step(params, state, inner(context, first + t), x)
        checkPort('recur', port.carry, found.value.carry)
        return found
      }
    return overPieces({ count: length, part: at, join: joined((xs) => stack(xs, 1)), run }, reverse)
  }
  const inBlocks = (length: number, n: number): LooseApply => {
    const endOf = (i: number): number => Math.min((i + 1) * n, length)
    const part = (x: Tree, i: number): Tree => mapTree(x, (all) => slice(all, [null, [i * n, endOf(i)]]) as never)
    const run = (i: number): LooseApply =>
      checkpointed({ ...cell, input: any, apply: stepsFrom(i * n, endOf(i) - i * n) } as never as AnyLayer).apply
    return overPieces(
      { count: Math.ceil(length / n), part, join: joined((xs) => concat(xs, 1 as never)), run },
      reverse,
    )
  }
  const apply: LooseApply = (params, state, context, x) => {
    checkPort('recur', input, x)
    const length = lengthOf(x.input)
    const run = checkpoint === undefined ? stepsFrom(0, length) : inBlocks(length, checkpoint)
    return run(params, state, context, x)
  }
  return wrapper('recur', cell, apply, (part) => recur(part as never, options) as never, { kind: 'recur', input })
}
