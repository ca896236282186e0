import { StructureError } from '../error/tensorError.ts'
import { checkKey, type Key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import { checkCotangent } from '../tree/checkCotangent.ts'
import { isBranch, type Tree } from '../tree/tree.ts'
import type { Batch, Misfit } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { checkLayer } from './checkLayer.ts'
import { checkVariables } from './checkVariables.ts'
import type { Context, Layer, Step } from './layer.ts'
import { checkPort } from './port.ts'
import type { Variables } from './variables.ts'

/** Error for an unknown mode, or for training without a valid key: only some layers would notice either. */
export const checkContext = (op: string, given: unknown): void => {
  const isRecord = typeof given === 'object' && given !== null
  const { mode, key } = (isRecord ? given : {}) as { readonly mode?: unknown; readonly key?: Key | undefined }
  if (mode === 'eval') return
  if (mode === 'train' && key !== undefined) {
    checkKey(op, key)
    return
  }
  const ofRecord = mode === 'train' ? 'training without a key' : `the mode ${describe(mode)}`
  throw new StructureError({
    op,
    expected: "a context { mode: 'eval' } or { mode: 'train', key }",
    actual: isBranch(given) ? ofRecord : describe(given),
    code: mode === 'train' ? 'needs-key' : undefined,
  })
}

/** The second signature takes a minibatch that does not fit, so that the compile error can say why. */
interface Apply {
  <I, O, P, S>(
    layer: Layer<I, O, P, S>,
    variables: Variables<P, S>,
    context: Context,
    x: Batch<I>,
  ): Step<Batch<O>, S, P, Batch<I>>
  <I, O, P, S, X extends Shape>(
    layer: Layer<I, O, P, S>,
    variables: Variables<P, S>,
    context: Context,
    x: Tensor<X> & Misfit<I, X>,
  ): Step<Batch<O>, S, P, Batch<I>>
}
interface Predict {
  <I, O, P, S>(layer: Layer<I, O, P, S>, variables: Variables<P, S>, x: Batch<I>): Batch<O>
  <I, O, P, S, X extends Shape>(
    layer: Layer<I, O, P, S>,
    variables: Variables<P, S>,
    x: Tensor<X> & Misfit<I, X>,
  ): Batch<O>
}

/**
 * Runs a layer on a minibatch: the value, the new state, and the pullback. The variables are checked against the
 * declarations of the layer, a cotangent against the value. A context without a mode, or with the mode `train` and no
 * key, is a `StructureError`.
 *
 * @example
 * import { apply, fromNested, init, key, linear, toNested } from 'pullback'
 * const layer = linear(2, 1)
 * const step = apply(layer, init(layer, key(0)), { mode: 'eval' }, fromNested([[1, 2], [3, 4]]))
 * step.value.shape // => [2, 1]
 * toNested(step.pullback(fromNested([[1], [1]])).params().W) // => [[4, 6]]
 */
export const apply: Apply = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  context: Context,
  x: Batch<I>,
): Step<Batch<O>, S, P, Batch<I>> => {
  checkLayer('apply', layer)
  checkContext('apply', context)
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
export const predict: Predict = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  x: Batch<I>,
): Batch<O> => apply(layer, variables, { mode: 'eval' }, x).value
