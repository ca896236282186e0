import { checkCotangent, type Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'
import { checkVariables } from './checkVariables.ts'
import type { Context, Layer, Step } from './layer.ts'
import { checkPort } from './port.ts'
import type { Variables } from './variables.ts'

/**
 * Runs a layer on a minibatch: the value, the new state, and the pullback. The variables are checked against what the layer
 * declares, a cotangent against the value.
 *
 * @example
 * import { apply, fromNested, init, key, linear, toNested } from 'pullback'
 * const layer = linear(2, 1)
 * const step = apply(layer, init(layer, key(0)), { mode: 'eval' }, fromNested([[1, 2], [3, 4]]))
 * step.value.shape // => [2, 1]
 * toNested(step.pullback(fromNested([[1], [1]])).params().W) // => [[4, 6]]
 */
export const apply = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  context: Context,
  x: Batch<I>,
): Step<Batch<O>, S, P, Batch<I>> => {
  checkVariables(layer, variables)
  checkPort(layer.kind, layer.input, x)
  const step = layer.apply(variables.params, variables.state, context, x)
  const pullback = (dy: Batch<O>) => {
    checkCotangent('apply', step.value as Tree, dy as Tree)
    return step.pullback(dy)
  }
  return { ...step, pullback }
}

/**
 * The output of a layer for a minibatch, in evaluation mode.
 *
 * @example
 * import { init, key, linear, predict, zeros } from 'pullback'
 * const layer = linear(3, 2)
 * predict(layer, init(layer, key(0)), zeros([4, 3])).shape // => [4, 2]
 */
export const predict = <I, O, P, S>(layer: Layer<I, O, P, S>, variables: Variables<P, S>, x: Batch<I>): Batch<O> =>
  apply(layer, variables, { mode: 'eval' }, x).value
