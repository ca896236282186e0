import { checkOptions } from '../../error/options.ts'
import { onHost } from '../../kernel/slot.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { checkCount, checkShare } from '../../tensor/range.ts'
import { type Tree, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { checkState, following } from '../check.ts'
import { average } from '../entrywise.ts'
import {
  applyUpdates,
  checkTransformation,
  type StateFn,
  type StateOf,
  type Transformation,
  transformed,
  updated,
  withApply,
} from '../transformation.ts'

export interface LookaheadOptions {
  /** The number of steps between two of the slow parameters. */
  readonly every?: number | undefined
  /** The share of the way to the fast parameters that the slow ones go. */
  readonly share?: number | undefined
}

/** The updates since the slow parameters moved, the slow parameters, and the state of the inner transformation. */
export interface LookingAhead<P, S> {
  readonly count: number
  readonly slow: P
  readonly inner: S
}
export interface LooksAhead<F extends StateFn> extends StateFn {
  readonly state: LookingAhead<this['params'], StateOf<F, this['params']>>
}

/**
 * Lookahead: every so many steps of a transformation, by default 5, the parameters go back to
 * slow ← slow + share · (parameters − slow), with a share of 0.5 by default; slow parameters start as the first ones.
 * The state of the transformation goes on unchanged. Must wrap the whole optimizer; later transformations are ignored.
 * Zhang and others, "Lookahead optimizer: k steps forward, 1 step back" (2019).
 *
 * @example
 * import { fromNested, lookahead, sgd, toNested } from 'pullback'
 * const t = lookahead(sgd(1), { every: 2 })
 * const [params, g] = [{ b: fromNested([0]) }, { b: fromNested([-4]) }]
 * const [first, state] = t.update(g, t.init(params), params)
 * toNested(first.b) // => [4]
 * toNested(t.update(g, state, first)[0].b) // => [0]
 */
export const lookahead = <F extends StateFn>(
  t: Transformation<F>,
  options: LookaheadOptions = {},
): Transformation<LooksAhead<F>> => {
  checkOptions('lookahead', options, ['every', 'share'])
  const { every = 5, share = 0.5 } = options
  checkCount('lookahead', { every })
  checkShare('lookahead', { share })
  checkTransformation('lookahead', t)
  type State<P> = LookingAhead<P, StateOf<F, P>>
  const isUnderway = onHost((count: number): boolean => count < every)
  /** The parameters after a step of the inner transformation that led to `fast`. */
  const settled = <P extends Tree>(
    fast: P,
    { count, slow }: State<P>,
    inner: StateOf<F, P>,
  ): readonly [P, State<P>] => {
    const after = following(count)
    if (isUnderway(after)) return [fast, { count: after, slow, inner }]
    const there = zipTrees(slow, fast, (s, f) => average(s as Tensor, f as Tensor, 1 - share), 'lookahead')
    return [there, { count: 0, slow: there, inner }]
  }
  const check = (state: unknown): void => checkState('lookahead', state, ['count', 'slow', 'inner'])
  const looking: Transformation<LooksAhead<F>> = {
    init: (params) => ({ count: 0, slow: params, inner: t.init(params) }),
    update: (updates, state, params) => {
      check(state)
      const [changed, inner] = transformed(t, updates, state.inner, params)
      const [after, next] = settled(applyUpdates(params, changed), state, inner)
      return [zipTrees(after, params, (a, p) => sub(a as Tensor, p as Tensor), 'lookahead'), next]
    },
  }
  return withApply(looking, (updates, state, params) => {
    check(state)
    const [fast, inner] = updated(t, updates, state.inner, params)
    return settled(fast, state, inner)
  })
}
