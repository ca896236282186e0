import { showShape } from '../../tensor/shape.ts'
import { table } from '../../text/table.ts'
import type { Assigned } from './gather.ts'

/**
 * A table of the tensors that `fromStateDict` took: each variable with its shape, the tensor with its shape, how it was
 * found, and how its entries were turned.
 *
 * @example
 * import { linear, zeros } from 'pullback'
 * import { fromStateDict, showAssigned } from 'pullback/interop'
 * const found = fromStateDict(linear(3, 2), { 'head.weight': zeros([2, 3]), 'head.bias': zeros([2]) })
 * found._tag === 'Right' && showAssigned(found.right).split('\n')[2] // => 'params.W  [2, 3]  head.weight  [2, 3]     shape'
 */
export const showAssigned = ({ assigned }: { readonly assigned: readonly Assigned[] }): string =>
  table(
    ['variable', 'shape', 'tensor', 'its shape', 'found by', 'turned'],
    assigned.map(({ path, shape, name, by, from, turned }) => [
      path,
      showShape(shape),
      name,
      showShape(from),
      by,
      turned,
    ]),
  )
