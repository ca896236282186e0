import { onHost } from '../../kernel/slot.ts'
import { add } from '../../op/elementwise/add.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { checkCount } from '../../tensor/range.ts'
import { zerosOf } from '../../transform/vjp.ts'
import { mapTree, type Tree, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { checkState, following } from '../check.ts'
import {
  checkTransformation,
  type StateFn,
  type StateOf,
  type Transformation,
  transformed,
  updated,
  withApply,
} from '../transformation.ts'

/** The sum and the number of the gradients since the last update, and the state of the inner transformation. */
export interface Accumulated<P, S> {
  readonly count: number
  readonly sum: P
  readonly inner: S
}
export interface Accumulates<F extends StateFn> extends StateFn {
  readonly state: Accumulated<this['params'], StateOf<F, this['params']>>
}

/**
 * Collects the gradients of k minibatches and passes their mean to a transformation. The updates in between are zero.
 * Schedules inside count the updates, not the minibatches.
 *
 * The mean weights all minibatches equally. It equals the gradient of one minibatch k times as large only if all count
 * equally, and not if the last minibatch of an epoch is smaller, or if they differ in ignored labels or class weights.
 * Gradients collected at the end of an epoch enter the first update of the next one; those left at the end of a run are
 * not used: `count` in the state is the number of their minibatches. To run one large minibatch in parts, whatever its
 * loss divides by and without a remainder, use `inParts` on the large minibatch.
 *
 * @example
 * import { accumulate, fromNested, sgd, toNested } from 'pullback'
 * const t = accumulate(2, sgd(1))
 * const [g, h] = [{ b: fromNested([1]) }, { b: fromNested([5]) }]
 * const [first, state] = t.update(g, t.init(g), g)
 * toNested(first.b) // => [0]
 * toNested(t.update(h, state, g)[0].b) // => [-3]
 */
export const accumulate = <F extends StateFn>(k: number, t: Transformation<F>): Transformation<Accumulates<F>> => {
  checkCount('accumulate', { k })
  checkTransformation('accumulate', t)
  type State<P> = Accumulated<P, StateOf<F, P>>
  const isWaiting = onHost((count: number): boolean => count < k)
  /** The sum with these gradients included. */
  const gather = <P extends Tree>(updates: P, state: State<P>) => {
    checkState('accumulate', state, ['count', 'sum', 'inner'])
    const sum = zipTrees(state.sum, updates, (s, u) => add(s as Tensor, u as Tensor), 'accumulate')
    return { sum, count: following(state.count), inner: state.inner }
  }
  const mean = <P extends Tree>(sum: P): P => mapTree(sum, (s) => scale(s as Tensor, 1 / k))
  const begin = <P extends Tree>(params: P, inner: StateOf<F, P>): State<P> => ({
    count: 0,
    sum: zerosOf(params),
    inner,
  })
  const run =
    (
      waiting: <P extends Tree>(params: P) => P,
      apply: <P extends Tree>(mean: P, state: StateOf<F, P>, params: P) => readonly [P, StateOf<F, P>],
    ) =>
    <P extends Tree>(updates: P, state: State<P>, params: P): readonly [P, State<P>] => {
      const gathered = gather(updates, state)
      if (isWaiting(gathered.count)) return [waiting(params), gathered]
      const [after, inner] = apply(mean(gathered.sum), state.inner, params)
      return [after, begin(params, inner)]
    }
  const accumulating: Transformation<Accumulates<F>> = {
    init: (params) => begin(params, t.init(params)),
    update: run(zerosOf, (g, state, params) => transformed(t, g, state, params)),
  }
  return withApply(
    accumulating,
    run(
      (params) => params,
      (g, state, params) => updated(t, g, state, params),
    ),
  )
}
