import { ValueError } from '../error/tensorError.ts'
import type { AnyLayer } from '../layer/layer.ts'
import type { Variables } from '../layer/variables.ts'
import type { Loss } from '../loss/loss.ts'
import { sum } from '../op/reduce/sum.ts'
import type { Key } from '../random/key.ts'
import { inspect } from '../tensor/inspect.ts'
import { item, toTypedArray } from '../tensor/to.ts'
import { raw } from '../tensor/view.ts'
import { leaves, type Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { troubleOf } from './trouble.ts'

/** The state of a run before a step. */
interface Before extends Variables<unknown, unknown> {
  readonly step: number
  readonly key: Key
}

/**
 * True if all numbers are finite. A finite sum proves it; otherwise the numbers are checked, since a sum may overflow.
 */
const isFiniteTensor = (t: Tensor): boolean =>
  Number.isFinite(item(sum(t))) || toTypedArray(t).every((x) => Number.isFinite(x))

export const allFinite = (tree: Tree): boolean =>
  leaves(tree).every((t) => t.dtype === 'int32' || isFiniteTensor(t as Tensor))

/** Checks within a step that all numbers are finite; the step itself says where they are not. */
export const inspectFinite = (tree: Tree): void =>
  inspect(leaves(tree).map(raw), (...numbers) => {
    if (numbers.every((data) => data.every((x) => Number.isFinite(x)))) return
    throw new ValueError({
      op: 'trainStep',
      expected: 'an update that is finite',
      actual: 'NaN or ∞',
      code: 'not-finite',
    })
  })

/** The error for such a step of several ranks, of which none can run its part once more by itself. */
export const notFiniteTogether = (what: string, step: number): ValueError =>
  new ValueError({
    op: 'trainStep',
    expected: `${what} that is finite, in step ${step} of all ranks`,
    actual: 'NaN or ∞',
    code: 'not-finite',
    remedy: 'the same steps on one rank tell where it began',
  })

/**
 * The error for a step with a loss or updated parameters that are not finite: it runs the network once more on that
 * minibatch to find out where that began.
 */
export const notFinite = (
  what: string,
  layer: AnyLayer,
  loss: Loss<never, never>,
  before: Before,
  { input, target }: { readonly input: unknown; readonly target: unknown },
): ValueError => {
  const found = troubleOf(layer, loss, before, { input: input as never, target })
  const where =
    found?.text ?? 'all that the network and the loss give is finite: it is the update, the penalty or the probe'
  return new ValueError({
    op: 'trainStep',
    expected: `${what} that is finite`,
    actual: `NaN or ∞ in minibatch ${before.step}; ${where}`,
    code: 'not-finite',
    path: found?.path,
    remedy:
      found?.isOlder === true && before.step > 0
        ? `so the update after minibatch ${before.step - 1} made it`
        : 'explain shows every node',
  })
}
