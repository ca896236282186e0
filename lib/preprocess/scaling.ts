import { untraced } from '../diff/untraced.ts'
import { checkOptions } from '../error/options.ts'
import { type Layer, none } from '../layer/layer.ts'
import { checkPort } from '../layer/port.ts'
import { div } from '../op/elementwise/div.ts'
import { sub } from '../op/elementwise/sub.ts'
import { broadcast } from '../op/reduce/sum.ts'
import { full } from '../tensor/create.ts'
import { fromArray } from '../tensor/from.ts'
import { checkShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import { columnsOf, type Each, exampleShape, fittedShape, type Sample } from './fitted.ts'

/** The numbers that are subtracted from each entry, and those that the rest is divided by. */
export type Scaling = { readonly offset: Tensor; readonly divisor: Tensor }

export interface ScalingOptions {
  /** The unit that has its own numbers: every entry of an example, or every channel, which is the last axis. */
  readonly each?: Each | undefined
}

/**
 * The layer (x − offset) / divisor. Its numbers are state that training does not change: `fit` computes them for each
 * column of a sample. A layer made from sizes alone is the identity until its state is loaded.
 */
export const scaling = <S extends Shape>(
  kind: string,
  sample: Sample<S>,
  options: ScalingOptions,
  fit: (column: Float64Array) => readonly [offset: number, divisor: number],
): Layer<S, S, Record<never, never>, Scaling> => {
  checkOptions(kind, options, ['each'])
  const shape = exampleShape(kind, sample)
  checkShape(kind, shape)
  const own = fittedShape(kind, shape, options.each ?? 'entry')
  const numbers = isTensor(sample) ? columnsOf(kind, sample as unknown as Tensor, own).map(fit) : undefined
  const state = (which: 0 | 1) => ({
    shape: own,
    draw: (_: unknown, shape: Shape, dtype: Float) =>
      numbers === undefined
        ? full(shape, which, dtype)
        : fromArray(
            numbers.map((n) => n[which]),
            shape,
            dtype,
          ),
  })
  return {
    kind,
    input: shape,
    params: none,
    state: { offset: state(0), divisor: state(1) } as never,
    apply: (_params, state, _context, given) => {
      const x = given as unknown as Tensor
      checkPort(kind, shape, x)
      const all = (t: Tensor): Tensor => broadcast(untraced(t), x.shape)
      const divisor = all(state.divisor)
      return {
        value: div(sub(x, all(state.offset)), divisor) as never,
        state,
        pullback: (dy) => ({ params: () => none, input: () => div(dy as unknown as Tensor, divisor) as never }),
      }
    },
  }
}
