import type { Diff } from '../diff/diff.ts'
import { untraced } from '../diff/trace.ts'
import { ValueError } from '../error/tensorError.ts'
import { mean as meanOf, sum as sumOf } from '../op/sum.ts'
import { packed } from '../tensor/pack.ts'
import { indexOf, showShape } from '../tensor/shape.ts'
import { raw } from '../tensor/view.ts'
import { vjp } from '../transform/vjp.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'

export type Scalar = Tensor<readonly []>

/** From the targets of a minibatch to a differentiable function of its outputs. */
export type Loss<Y, T> = (target: T) => Diff<Y, Scalar>

/** The numbers of a loss before they are reduced: one for each example. */
export type PerExample = (output: Tensor, target: AnyTensor) => Tensor<readonly [number]>

/** The three reductions of a loss. By itself a loss is its mean over the batch. */
export const reductions = (name: string, perExample: PerExample) => {
  const reduced =
    (reduce: (losses: Tensor<readonly [number]>) => Tensor) =>
    (target: AnyTensor): Diff<Tensor, Tensor> =>
    (output) => {
      const [value, pullback] = vjp((y: Tensor) => reduce(perExample(y, target)))(output)
      checkTarget(name, value, target)
      return [value, pullback]
    }
  const mean = reduced((losses) => {
    if (losses.shape[0] === 0)
      throw new ValueError({
        op: name,
        expected: 'at least one example to take the mean over',
        actual: 'an empty batch',
      })
    return meanOf(losses)
  })
  return Object.assign(mean.bind(null), {
    lossName: name,
    mean,
    sum: reduced((losses) => sumOf(losses)),
    none: reduced((losses) => losses),
  })
}

/** A loss that is not a number may come from a target that is none: then that is the error. */
const checkTarget = (op: string, value: Tensor, target: AnyTensor): void => {
  const [loss, wanted] = [packed(raw(untraced(value))), packed(raw(untraced(target)))]
  if (!loss.some(Number.isNaN)) return
  const at = wanted.findIndex(Number.isNaN)
  if (at >= 0)
    throw new ValueError({
      op,
      expected: 'targets that are numbers',
      actual: `NaN at index ${showShape(indexOf(at, target.shape))}`,
    })
}
