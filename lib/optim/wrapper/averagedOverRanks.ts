import { allReduce } from '../../comm/allReduce.ts'
import { checkCommunicator } from '../../comm/checkCommunicator.ts'
import type { Group } from '../../comm/group.ts'
import { checkState } from '../check.ts'
import type { Stateless, Transformation } from '../transformation.ts'

/**
 * The mean of the gradients of all ranks, as a gradient transformation: the first of a `chain`, it makes a training
 * step of your own data-parallel. Every rank holds the same parameters and takes its own examples, and all get the same
 * update, to the bit. It weighs all ranks equally, so their minibatches must have one size; `trainStep` and `fit` with
 * the option `comm` weigh uneven ones, and need no `averagedOverRanks`.
 *
 * @example
 * import { adam, averagedOverRanks, chain, fromNested, oneProcess, toNested } from 'pullback'
 * const t = chain(averagedOverRanks(oneProcess), adam(0.1))
 * const params = { b: fromNested([3]) }
 * toNested(averagedOverRanks(oneProcess).update(params, {}, params)[0].b) // => [3]
 * Array.isArray(t.init(params)) // => true
 */
export const averagedOverRanks = (comm: Group): Transformation<Stateless> => {
  checkCommunicator('averagedOverRanks', comm)
  return {
    init: () => ({}),
    update: (updates, state) => {
      checkState('averagedOverRanks', state, [])
      return [allReduce(comm, updates, 'mean'), state]
    },
  }
}
