import { add } from '../op/add.ts'
import { type Tree, zipTrees } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'

/** A state whose structure depends on the parameters': a function, at type level, from parameters to state. */
export interface StateFn {
  readonly params: unknown
  readonly state: unknown
}
export type StateOf<F extends StateFn, P> = (F & { readonly params: P })['state']

/**
 * A gradient transformation: what to make of gradients before they are added to the parameters. Two pure functions; the
 * state is a value, typed by the parameters.
 */
export interface Transformation<F extends StateFn> {
  readonly init: <P extends Tree>(params: P) => StateOf<F, P>
  readonly update: <P extends Tree>(
    updates: P,
    state: StateOf<F, P>,
    params: P,
  ) => readonly [updates: P, state: StateOf<F, P>]
  /** `update`, and the updates added to the parameters: given where that takes fewer passes over the numbers than one by one. */
  readonly apply?: <P extends Tree>(
    updates: P,
    state: StateOf<F, P>,
    params: P,
  ) => readonly [params: P, state: StateOf<F, P>]
}

/** No state. */
export interface Stateless extends StateFn {
  readonly state: Readonly<Record<never, never>>
}

/**
 * params + updates. Updates carry their sign: for descent a transformation ends in a negative scale.
 *
 * @example
 * import { applyUpdates, fromNested, toNested } from 'pullback'
 * toNested(applyUpdates({ b: fromNested([1, 2]) }, { b: fromNested([1, -1]) }).b) // => [2, 1]
 */
export const applyUpdates = <P extends Tree>(params: P, updates: P): P =>
  zipTrees(params, updates, (p, u) => add(p as Tensor, u as Tensor))

/** The parameters after an update, and the new state. */
export const updated = <F extends StateFn, P extends Tree>(
  { update, apply }: Transformation<F>,
  updates: P,
  state: StateOf<F, P>,
  params: P,
): readonly [params: P, state: StateOf<F, P>] => {
  if (apply !== undefined) return apply(updates, state, params)
  const [changed, next] = update(updates, state, params)
  return [applyUpdates(params, changed), next]
}
