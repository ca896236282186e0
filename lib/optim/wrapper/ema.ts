import { checkShare } from '../../tensor/range.ts'
import { type Tree, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { checkState } from '../check.ts'
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

/** The moving averages of the parameters, and the state of the transformation that changes them. */
export interface Averaged<P, S> {
  readonly average: P
  readonly inner: S
}
export interface Averages<F extends StateFn> extends StateFn {
  readonly state: Averaged<this['params'], StateOf<F, this['params']>>
}

/**
 * Keeps an exponential moving average of the parameters beside a transformation, whose updates stay unchanged. After
 * each update, average ← decay · average + (1 − decay) · parameters; it starts with the first parameters, so it needs
 * no bias correction. Must wrap the whole optimizer; later transformations are ignored. `averaged` reads the averages.
 *
 * @example
 * import { ema, fromNested, sgd, toNested } from 'pullback'
 * const t = ema(0.75, sgd(1))
 * const [params, g] = [{ b: fromNested([0]) }, { b: fromNested([-4]) }]
 * toNested(t.update(g, t.init(params), params)[1].average.b) // => [1]
 */
export const ema = <F extends StateFn>(decay: number, t: Transformation<F>): Transformation<Averages<F>> => {
  checkShare('ema', { decay })
  checkTransformation('ema', t)
  type State<P> = Averaged<P, StateOf<F, P>>
  const next = <P extends Tree>(state: State<P>, after: P, inner: StateOf<F, P>): State<P> => ({
    average: zipTrees(state.average, after, (a, p) => average(a as Tensor, p as Tensor, decay), 'ema'),
    inner,
  })
  const averaging: Transformation<Averages<F>> = {
    init: (params) => ({ average: params, inner: t.init(params) }),
    update: (updates, state, params) => {
      checkState('ema', state, ['average', 'inner'])
      const [changed, inner] = transformed(t, updates, state.inner, params)
      return [changed, next(state, applyUpdates(params, changed), inner)]
    },
  }
  return withApply(averaging, (updates, state, params) => {
    checkState('ema', state, ['average', 'inner'])
    const [after, inner] = updated(t, updates, state.inner, params)
    return [after, next(state, after, inner)]
  })
}

/**
 * A training run whose parameters are replaced by the averages that `ema` or `scheduleFree` keeps, for prediction or
 * saving.
 *
 * @example
 * import { averaged, ema, fromNested, key, linear, sgd, start, toNested } from 'pullback'
 * const run = start(linear(1, 1), ema(0.9, sgd(0.1)), key(0))
 * averaged(run).params === run.optimizer.average // => true
 */
export const averaged = <P extends Tree, T extends { readonly params: P; readonly optimizer: Averaged<P, unknown> }>(
  training: T & { readonly params: P },
): T => ({ ...training, params: training.optimizer.average })
