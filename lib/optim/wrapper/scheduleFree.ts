import { checkOptions } from '../../error/options.ts'
import { onHost } from '../../kernel/slot.ts'
import { addScaled } from '../../op/elementwise/add.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { checkDecay } from '../../tensor/range.ts'
import { type Tree, zipMany, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { checkState, following } from '../check.ts'
import { average, mixed } from '../entrywise.ts'
import { type Rate, rateAt } from '../scale/scaleBySchedule.ts'
import {
  checkTransformation,
  type StateFn,
  type StateOf,
  type Transformation,
  transformed,
  withApply,
} from '../transformation.ts'

export interface ScheduleFreeOptions {
  /** The share of the average in the point at which the gradient is taken. */
  readonly b1?: number | undefined
}

/**
 * The average of the iterates, the last iterate, the sum of the weights so far and the largest rate, which the weights
 * depend on, and the state of the inner transformation.
 */
export interface ScheduleFreeState<P, S> {
  readonly count: number
  readonly largest: number
  readonly weights: number
  readonly average: P
  readonly last: P
  readonly inner: S
}
export interface WithScheduleFree<F extends StateFn> extends StateFn {
  readonly state: ScheduleFreeState<this['params'], StateOf<F, this['params']>>
}

const names = ['count', 'largest', 'weights', 'average', 'last', 'inner']

/**
 * Learns without a schedule that falls, by an average of the iterates. A transformation makes the step u of the
 * gradient at the parameters y, which lie between the iterate z and the average x:
 *
 * z ← z − rate · u, x ← (1 − c) x + c z, y ← (1 − b1) z + b1 x.
 *
 * All three start as the first parameters. The share c is w / Σ w, where w is the square of the largest rate so far,
 * and 0 as long as that is 0. **The average is what has learnt**: predict with `averaged(run)`, as with `ema`, and give
 * `fit` the option `evaluated: averaged`. The transformation is one without a rate, such as `scaleByRms()`, or
 * `chain()` for plain gradients, and this must be the whole optimizer; a rate may warm up by a schedule. b1 is 0.9 by
 * default. Defazio and others, "The road less scheduled" (2024).
 *
 * The running statistics of `batchNorm` are those of networks with the parameters y, not x.
 *
 * @example
 * import { chain, fromNested, scheduleFree, toNested } from 'pullback'
 * const t = scheduleFree(1, chain(), { b1: 0.5 })
 * const [params, g] = [{ b: fromNested([0]) }, { b: fromNested([-4]) }]
 * const [first, state] = t.update(g, t.init(params), params)
 * toNested(first.b) // => [4]
 * toNested(t.update(g, state, first)[1].average.b) // => [6]
 */
export const scheduleFree = <F extends StateFn>(
  rate: Rate,
  t: Transformation<F>,
  options: ScheduleFreeOptions = {},
): Transformation<WithScheduleFree<F>> => {
  checkOptions('scheduleFree', options, ['b1'])
  checkTransformation('scheduleFree', t)
  return averaging('scheduleFree', rateAt('scheduleFree', rate), t, options)
}

/** `scheduleFree` with a rate that has been checked; errors name the given optimizer. */
export const averaging = <F extends StateFn>(
  op: string,
  rateOf: (count: number) => number,
  t: Transformation<F>,
  { b1 = 0.9 }: ScheduleFreeOptions,
): Transformation<WithScheduleFree<F>> => {
  checkDecay(op, { b1 })
  type State<P> = ScheduleFreeState<P, StateOf<F, P>>
  const numbersAt = onHost((count: number, before: number, sum: number) => {
    const rate = rateOf(count)
    const largest = Math.max(rate, before)
    const weights = sum + largest * largest
    const share = weights === 0 ? 0 : (largest * largest) / weights
    return { down: -rate, largest, weights, share, keep: 1 - share }
  })
  const stepped = <P extends Tree>(updates: P, state: State<P>, params: P): readonly [P, State<P>] => {
    checkState(op, state, names)
    const { down, largest, weights, share, keep } = numbersAt(state.count, state.largest, state.weights)
    const [changed, inner] = transformed(t, updates, state.inner, params)
    const [y, x, z] = zipMany<P>(op, [changed, state.average, state.last], 3, (u, before, at) => {
      const z = addScaled(at as Tensor, u as Tensor, down)
      const x = mixed(before as Tensor, z, keep, share)
      return [average(x, z, b1), x, z]
    }) as readonly [P, P, P]
    return [y, { count: following(state.count), largest, weights, average: x, last: z, inner }]
  }
  const free: Transformation<WithScheduleFree<F>> = {
    init: (params) => ({ count: 0, largest: 0, weights: 0, average: params, last: params, inner: t.init(params) }),
    update: (updates, state, params) => {
      const [after, next] = stepped(updates, state, params)
      return [zipTrees(after, params, (a, p) => sub(a as Tensor, p as Tensor), op), next]
    },
  }
  return withApply(free, stepped)
}
