import { reshape } from '../op/shape/reshape.ts'
import type { Batched, OneSize, SizeOf } from '../tree/batched.ts'
import { mapTree, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { grad } from './grad.ts'
import { vmapTree } from './vmap.ts'

/**
 * The gradient by the parameters that each example of a minibatch gives, for a loss f(params, minibatch) → scalar: that of the
 * minibatch of this example alone. In the structure of the parameters, with the axis of examples in front. It is computed for
 * all examples at once (`vmap`); where the loss is a mean over the batch, its gradient is the mean of these. That holds with dropout in
 * training, by which each example loses what it loses in the minibatch. Batch normalisation in training takes no example by itself.
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
