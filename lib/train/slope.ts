import { within } from '../error/tensorError.ts'
import { type Layer, trainingContext } from '../layer/layer.ts'
import { checkValue, ofTarget } from '../loss/checkValue.ts'
import type { Loss, Scalar } from '../loss/loss.ts'
import { add } from '../op/elementwise/add.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import type { Key } from '../random/key.ts'
import { ones } from '../tensor/create.ts'
import { valueAndGrad } from '../transform/grad.ts'
import type { Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'

/** What a run gives a step beside its parameters. */
interface Around<S> {
  readonly step: number
  readonly state: S
  readonly key: Key
}

/** A loss and its gradient, plus those of the penalty if there is one. */
const penalized = <P extends Tree>(value: Scalar, gradient: P, params: P, penalty?: (params: P) => Scalar) => {
  if (penalty === undefined) return { value, gradient }
  const [more, slope] = within('penalty', () => valueAndGrad(penalty)(params))
  return { value: add(value, more), gradient: addTrees<P>(gradient, slope) }
}

/** Forward and backward at some parameters: the loss of a minibatch, its gradient, the output and the next state. */
export const slopeOf =
  <I, O, P extends Tree, S>(
    layer: Layer<I, O, P, S>,
    // biome-ignore lint/suspicious/noExplicitAny: what the loss takes is known to the signatures of the step
    loss: Loss<any, any>,
    penalty: ((params: P) => Scalar) | undefined,
  ) =>
  (
    params: P,
    { step, state: before, key }: Around<S>,
    { input, target }: { readonly input: Batch<I>; readonly target: unknown },
  ) => {
    const { value: output, state, pullback } = layer.apply(params, before, trainingContext(key, step), input)
    const [lost, back] = checkValue('trainStep', ofTarget('trainStep', loss, target)(output))
    const gradient = pullback(back(ones([], lost.dtype)) as Batch<O>).params()
    return { output, state, ...penalized(lost, gradient, params, penalty) }
  }
