import { StructureError } from '../error/tensorError.ts'
import { slotIn } from '../kernel/slot.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import { describe } from '../tensor/data.ts'
import { notSpread } from '../tree/notSpread.ts'
import type { Tree } from '../tree/tree.ts'

/** A type-level function from the parameters to the state, whose structure may depend on theirs. */
export interface StateFn {
  readonly params: unknown
  readonly state: unknown
}
export type StateOf<F extends StateFn, P> = (F & { readonly params: P })['state']

/**
 * A gradient transformation turns gradients into the updates that are added to the parameters. It consists of two pure
 * functions; the state is a value, typed by the parameters.
 *
 * `update` defines it. `apply` is optional and serves speed alone: it returns the parameters after the update, in fewer
 * passes over the numbers, and the same state. A training step calls `apply` if there is one, and otherwise `update`
 * and `applyUpdates`. The two functions of a library transformation belong together: a copy such as `{ ...sgd(1),
 * update }` has no `apply`.
 */
export interface Transformation<F extends StateFn> {
  readonly init: <P extends Tree>(params: P) => StateOf<F, P>
  readonly update: <P extends Tree>(
    updates: P,
    state: StateOf<F, P>,
    params: P,
  ) => readonly [updates: P, state: StateOf<F, P>]
  readonly apply?:
    | (<P extends Tree>(updates: P, state: StateOf<F, P>, params: P) => readonly [params: P, state: StateOf<F, P>])
    | undefined
  /**
   * A mark of the library's own transformations: they calculate with the numbers of their state by functions that a
   * program repeats at each run.
   */
  readonly hosted?: true | undefined
}

/** Error for a value that is not a transformation, such as an optimizer that was not called; it says what to do. */
export const checkTransformation = (op: string, t: unknown): void => {
  const { init, update, apply } = (typeof t === 'object' && t !== null ? t : {}) as { readonly [name: string]: unknown }
  const isDefined = typeof init === 'function' && typeof update === 'function'
  if (isDefined && (apply === undefined || typeof apply === 'function')) return
  if (isDefined) throw new StructureError({ op, expected: 'apply as a function, or left out', actual: describe(apply) })
  throw new StructureError({
    op,
    expected: 'an optimizer or another gradient transformation, { init, update }',
    actual: describe(t),
    remedy: typeof t === 'function' ? 'call it: adam is a function, adam(1e-3) an optimizer' : 'adam(1e-3) makes one',
  })
}

/** The state of a transformation that keeps nothing. */
export interface Stateless extends StateFn {
  readonly state: Readonly<Record<never, never>>
}

/**
 * params + updates. Updates carry their sign, so a transformation for descent ends in a negative scale.
 *
 * @example
 * import { applyUpdates, fromNested, toNested } from 'pullback'
 * toNested(applyUpdates({ b: fromNested([1, 2]) }, { b: fromNested([1, -1]) }).b) // => [2, 1]
 */
export const applyUpdates = <P extends Tree>(params: P, updates: P): P => addTrees(params, updates, 'applyUpdates')

/** A transformation of the library with an `apply`, which a copy with another `update` does not inherit. */
export const withApply = <F extends StateFn>(
  t: Transformation<F>,
  apply: Transformation<F>['apply'],
): Transformation<F> => notSpread(t, { apply, hosted: true })

/** Refuses to record a transformation that may calculate with the numbers of its state as it likes. */
const checkHosted = (t: { readonly hosted?: true | undefined }, state: unknown): void => {
  if (t.hosted === true) return
  slotIn(state)?.tape.refuse(
    'a transformation of your own keeps numbers in its state: bySlots and scaleBySchedule count the updates for it',
  )
}

/** The updates that a transformation makes of updates, and its new state. */
export const transformed = <F extends StateFn, P extends Tree>(
  t: Transformation<F>,
  updates: P,
  state: StateOf<F, P>,
  params: P,
): readonly [updates: P, state: StateOf<F, P>] => {
  checkHosted(t, state)
  return t.update(updates, state, params)
}

/** The parameters after an update, and the new state. */
export const updated = <F extends StateFn, P extends Tree>(
  t: Transformation<F>,
  updates: P,
  state: StateOf<F, P>,
  params: P,
): readonly [params: P, state: StateOf<F, P>] => {
  if (t.apply !== undefined) {
    checkHosted(t, state)
    return t.apply(updates, state, params)
  }
  const [changed, next] = transformed(t, updates, state, params)
  return [applyUpdates(params, changed), next]
}
