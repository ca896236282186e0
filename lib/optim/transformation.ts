import { StructureError } from '../error/tensorError.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import { describe } from '../tensor/data.ts'
import type { Tree } from '../tree/tree.ts'

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
}

/** Other things than a transformation, such as an optimizer that was not called, are an error that says what to do. */
export const checkTransformation = (op: string, t: unknown): void => {
  const { init, update } = (typeof t === 'object' && t !== null ? t : {}) as { readonly [name: string]: unknown }
  if (typeof init === 'function' && typeof update === 'function') return
  throw new StructureError({
    op,
    expected: 'an optimizer or another gradient transformation, { init, update }',
    actual: describe(t),
    remedy: typeof t === 'function' ? 'call it: adam is a function, adam(1e-3) an optimizer' : 'adam(1e-3) makes one',
  })
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
export const applyUpdates = <P extends Tree>(params: P, updates: P): P => addTrees(params, updates, 'applyUpdates')

type Update = Transformation<StateFn>['update']

/** For some `update`s, what gives the parameters after the update in fewer passes over the numbers, and the new state. */
const inOnePass = new WeakMap<Update, Update>()

/** A transformation whose `update` and what comes after it, the updates added to the parameters, can be had in one pass. */
export const withOnePass = <F extends StateFn>(t: Transformation<F>, apply: Transformation<F>['update']) => {
  inOnePass.set(t.update as Update, apply as Update)
  return t
}

/** The parameters after an update, and the new state. */
export const updated = <F extends StateFn, P extends Tree>(
  { update }: Transformation<F>,
  updates: P,
  state: StateOf<F, P>,
  params: P,
): readonly [params: P, state: StateOf<F, P>] => {
  const apply = inOnePass.get(update as Update) as Transformation<F>['update'] | undefined
  if (apply !== undefined) return apply(updates, state, params)
  const [changed, next] = update(updates, state, params)
  return [applyUpdates(params, changed), next]
}
