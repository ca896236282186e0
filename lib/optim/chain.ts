import type { Tree } from '../tree/tree.ts'
import type { StateFn, StateOf, Transformation } from './transformation.ts'

type Each<Fs extends readonly StateFn[], P> = { readonly [K in keyof Fs]: StateOf<Fs[K], P> }

/** The states of a chain, one after the other. */
export interface Chained<Fs extends readonly StateFn[]> extends StateFn {
  readonly state: Each<Fs, this['params']>
}

/**
 * Transformations one after the other: each works on the updates that the one before gives. Its state is the tuple of their
 * states. Of none at all it changes nothing.
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
  return {
    init: (params) => all.map((t) => t.init(params)) as never,
    update: <P extends Tree>(updates: P, states: unknown, params: P) => {
      let current = updates
      const next = all.map((t, i) => {
        const [changed, state] = t.update(current, (states as readonly unknown[])[i], params)
        current = changed
        return state
      })
      return [current, next as never]
    },
  }
}
