import { unboxed } from '../diff/boxed.ts'
import { ValueError } from '../error/tensorError.ts'
import { minimum } from '../op/elementwise/maximum.ts'
import { mul } from '../op/elementwise/mul.ts'
import { where } from '../op/elementwise/where.ts'
import { full } from '../tensor/create.ts'
import { most } from '../tensor/data.ts'
import { inspect } from '../tensor/inspect.ts'
import { indexOf, showShape } from '../tensor/shape.ts'
import { raw } from '../tensor/view.ts'
import type { Tensor } from '../type/tensor.ts'

/** The tolerance for a probability above 1 by rounding, such as a mean of several. */
const slack = 1e-6

/** Checks that all numbers are from 0 to 1. */
export const checkProbabilities = (op: string, what: 'targets' | 'outputs', given: Tensor): void => {
  const p = unboxed(given)
  inspect([raw(p)], (data) => {
    const at = data.findIndex((x) => !(x >= 0 && x <= 1 + slack))
    if (at < 0) return
    throw new ValueError({
      op,
      expected: `${what} from 0 to 1, which are probabilities`,
      actual: `${data[at]} at index ${showShape(indexOf(at, p.shape))}`,
      remedy:
        what === 'outputs'
          ? 'end the network with softmax, or use a loss on scores, such as softmaxCrossEntropy'
          : undefined,
    })
  })
}

/** y · loss, and 0 where y is 0, even if the loss is infinite; the derivative by y is the loss there too. */
export const share = (y: Tensor, loss: Tensor): Tensor =>
  mul(y, where(y, loss, minimum(loss, full(loss.shape, most[loss.dtype], loss.dtype))))
