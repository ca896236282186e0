import { within } from '../error/tensorError.ts'
import { type Layer, trainingContext } from '../layer/layer.ts'
import { checkValue, ofTarget } from '../loss/checkValue.ts'
import type { Loss, Scalar } from '../loss/loss.ts'
import { add } from '../op/elementwise/add.ts'
import { mul } from '../op/elementwise/mul.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import type { Key } from '../random/key.ts'
import { ones } from '../tensor/create.ts'
import { valueAndGrad } from '../transform/grad.ts'
import type { Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'

/** What a run gives a step beside its parameters. */
export interface Around<S> {
  readonly step: number
  readonly state: S
  readonly key: Key
}

/** A minibatch, or a part of one. */
export interface Given<I> {
  readonly input: Batch<I>
  readonly target: unknown
}

/** A loss and its gradient, plus those of the penalty if there is one. */
export const penalized = <P extends Tree>(value: Scalar, gradient: P, params: P, penalty?: (params: P) => Scalar) => {
  if (penalty === undefined) return { value, gradient }
  const [more, slope] = within('penalty', () => valueAndGrad(penalty)(params))
  return { value: add(value, more), gradient: addTrees<P>(gradient, slope) }
}

/**
 * Forward and backward at some parameters: the loss of a minibatch, its gradient, the output and the next state. With
 * `weigh`, a function of the loss, both are multiplied by the weight that it gives.
 */
export const slopeOf =
  <I, O, P extends Tree, S>(
    layer: Layer<I, O, P, S>,
    // biome-ignore lint/suspicious/noExplicitAny: what the loss takes is known to the signatures of the step
    loss: Loss<any, any>,
  ) =>
  (
    params: P,
    { step, state: before, key }: Around<S>,
    { input, target }: Given<I>,
    weigh?: (lost: Scalar) => Scalar,
  ) => {
    const { value: output, state, pullback } = layer.apply(params, before, trainingContext(key, step), input)
    const [lost, back] = checkValue('trainStep', ofTarget('trainStep', loss, target)(output))
    const weight = weigh?.(lost) ?? ones([], lost.dtype)
    const gradient = pullback(back(weight) as Batch<O>).params()
    return { output, state, value: weigh === undefined ? lost : mul(lost, weight), gradient }
  }
