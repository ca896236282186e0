// Checks the results of a loss where it is used.
import { ShapeError, StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { checkLoss, type Loss, type Scalar } from './loss.ts'

type Value = readonly [Scalar, (d: Scalar) => unknown]

const remedy = 'a loss is a function from the target to a differentiable function of the output: defineLoss makes one'

/** Gives a loss its target, and checks that the result is a function of the output. */
export const ofTarget = <Y, T>(op: string, loss: Loss<Y, T>, target: T): ReturnType<Loss<Y, T>> => {
  checkLoss(op, loss)
  const f = loss(target)
  if (typeof f === 'function') return f
  throw new StructureError({
    op,
    expected: 'a loss that gives a function of the output',
    actual: describe(f),
    remedy: `give the loss itself, and not loss(target); ${remedy}`,
  })
}

/** Checks the result for a target and an output: one number, and its pullback. */
export const checkValue = <V extends Value>(op: string, result: V): V => {
  if (!Array.isArray(result) || !isTensor(result[0]) || typeof result[1] !== 'function')
    throw new StructureError({
      op,
      expected: 'a loss that gives its value and its pullback',
      actual: describe(result),
      remedy,
    })
  if (result[0].shape.length === 0) return result
  throw new ShapeError({
    op,
    expected: 'a loss of one number',
    actual: showShape(result[0].shape),
    code: 'not-a-scalar',
    remedy: 'take its mean or its sum',
  })
}
