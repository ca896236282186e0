import { untraced } from '../diff/untraced.ts'
import { mapTree, type Tree } from '../tree/tree.ts'

/**
 * The same values as constants: derivatives of any order treat them as independent of everything. Integers are
 * constants anyway.
 *
 * @example
 * import { fromNested, grad, item, op, stopGradient, type Tensor } from 'pullback'
 * const f = (x: Tensor<readonly []>) => op.mul(x, stopGradient(x))
 * item(grad(f)(fromNested(3))) // => 3
 */
export const stopGradient = <T extends Tree>(tree: T): T => mapTree(tree, untraced)
