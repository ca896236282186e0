import { reshape } from '../op/shape/reshape.ts'
import type { Batched, OneSize, SizeOf } from '../tree/batched.ts'
import { mapTree, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { grad } from './grad.ts'
import { vmapTree } from './vmap.ts'

/**
 * The gradient of a loss f(params, minibatch) → scalar by the parameters for each example of a minibatch, taken as a
 * minibatch of one. It has the structure of the parameters, with the axis of examples in front. Computed for all
 * examples at once (`vmap`). Where the loss is a mean over the batch, its gradient is the mean of these; with dropout
 * in training too, since each example keeps the entries that it keeps in the minibatch. Batch normalization in training
 * does not treat examples separately.
 *
 * @example
 * import { fromNested, op, perExampleGrad, toNested, type Tensor } from 'pullback'
 * type Line = { readonly w: Tensor<readonly []> }
 * const f = ({ w }: Line, x: Tensor<readonly [number]>) => op.mean(op.scale(op.mul(x, op.broadcast(w, x.shape)), 2))
 * toNested(perExampleGrad(f)({ w: fromNested(1) }, fromNested([1, 5, 7])).w) // => [2, 10, 14]
 */
export const perExampleGrad =
  <P extends Tree, B extends Tree>(f: (params: P, minibatch: B) => Tensor<readonly []>) =>
  <X extends B>(params: P, minibatch: X): OneSize<SizeOf<X>, Batched<P, SizeOf<X>>> => {
    const ofOne = (example: Tree): P => {
      const alone = mapTree(example, (x) => reshape(x, [1, ...x.shape]) as AnyTensor) as B
      return grad((p: P) => f(p, alone))(params)
    }
    return vmapTree(ofOne)(minibatch) as never
  }
