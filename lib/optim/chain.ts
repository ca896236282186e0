import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { Tree } from '../tree/tree.ts'
import {
  applyUpdates,
  checkTransformation,
  type StateFn,
  type StateOf,
  type Transformation,
  transformed,
  updated,
  withApply,
} from './transformation.ts'

type Each<Fs extends readonly StateFn[], P> = { readonly [K in keyof Fs]: StateOf<Fs[K], P> }

/** The tuple of the states of a chain's transformations. */
export interface Chained<Fs extends readonly StateFn[]> extends StateFn {
  readonly state: Each<Fs, this['params']>
}

/** Error for a state that is not an array with one state for each transformation of the chain. */
export const checkStates = (states: unknown, length: number): void => {
  if (Array.isArray(states) && states.length === length) return
  throw new StructureError({
    op: 'chain',
    expected: `its own state, an array of ${length}`,
    actual: Array.isArray(states) ? `one of ${states.length}` : describe(states),
    code: 'structure-mismatch',
    remedy: 'start with what init gives',
  })
}

/**
 * Applies transformations one after another: each takes the updates that the one before it returns. The state is the
 * tuple of their states. An empty chain leaves the updates unchanged.
 *
 * @example
 * import { chain, fromNested, scale, toNested } from 'pullback'
 * const t = chain(scale(2), scale(-0.5))
 * const params = { b: fromNested([3]) }
 * toNested(t.update(params, t.init(params), params)[0].b) // => [-3]
 */
export const chain = <const Fs extends readonly StateFn[]>(
  ...transformations: { readonly [K in keyof Fs]: Transformation<Fs[K]> }
): Transformation<Chained<Fs>> => {
  const all = transformations as readonly Transformation<StateFn>[]
  for (const t of all) checkTransformation('chain', t)
  const last = all[all.length - 1]
  /** The updates after the transformations so far, and the states of these. */
  const run = <P extends Tree>(
    some: readonly Transformation<StateFn>[],
    updates: P,
    states: unknown,
    params: P,
  ): readonly [P, readonly unknown[]] => {
    checkStates(states, all.length)
    let current = updates
    const next = some.map((t, i) => {
      const [changed, state] = transformed(t, current, (states as readonly unknown[])[i], params)
      current = changed
      return state
    })
    return [current, next]
  }
  const chained: Transformation<Chained<Fs>> = {
    init: (params) => all.map((t) => t.init(params)) as never,
    update: (updates, states, params) => run(all, updates, states, params) as never,
  }
  return withApply(chained, (updates, states, params) => {
    if (last === undefined) return [applyUpdates(params, updates), states]
    const [current, next] = run(all.slice(0, -1), updates, states, params)
    const [after, state] = updated(last, current, (states as readonly unknown[])[all.length - 1], params)
    return [after, [...next, state] as never]
  })
}
