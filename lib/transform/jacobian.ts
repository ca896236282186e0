import { cast } from '../op/elementwise/cast.ts'
import { reshape } from '../op/shape/reshape.ts'
import { swapBlocks } from '../op/shape/transpose.ts'
import { eye, zeros } from '../tensor/create.ts'
import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, DType, Shape, Tensor } from '../type/tensor.ts'
import { grad, type ScalarFunction } from './grad.ts'
import { pushforward } from './linearize.ts'
import { vjp, zerosOf } from './vjp.ts'
import { vmapTree } from './vmap.ts'

/** The derivatives of a tensor of shape S by each tensor of a tree. */
type Rows<A, S extends Shape> = Tree extends A
  ? Tree
  : A extends Tensor<infer T, infer D>
    ? Tensor<readonly [...S, ...T], D>
    : { readonly [K in keyof A]: Rows<A[K], S> }

/**
 * The derivatives of each tensor of a tree B by each of a tree A: a tree like B of trees like A of tensors [...out,
 * ...in].
 */
export type Jacobian<A, B> = Tree extends B
  ? Tree
  : B extends Tensor<infer S, DType>
    ? Rows<A, S>
    : { readonly [K in keyof B]: Jacobian<A, B[K]> }

/** The standard basis in the shape and format of x: all tensors with a single 1, stacked along an axis in front. */
const basis = (x: AnyTensor): AnyTensor => reshape(eye(x.size, x.dtype), [x.size, ...x.shape]) as AnyTensor

/** The number of entries that have derivatives. */
const entriesOf = (xs: readonly AnyTensor[]): number => xs.reduce((n, x) => (x.dtype === 'int32' ? n : n + x.size), 0)

/**
 * Applies a linear function to the basis of each tensor of its argument in turn, with zeros for the other tensors, and
 * returns the tensors of its values along an axis in front. Integers have no basis.
 */
const columns = <A extends Tree, B extends Tree>(
  zero: A,
  linear: (d: A) => B,
): readonly (readonly AnyTensor[] | undefined)[] => {
  const zs = leaves(zero)
  return zs.map((z, i) =>
    z.dtype === 'int32'
      ? undefined
      : leaves(vmapTree((d) => linear(rebuild(zero, zs.with(i, d as AnyTensor))))(basis(z))),
  )
}

/**
 * The Jacobian of a function, which holds all its first derivatives. For a tensor by a tensor, one tensor of shape
 * [...out, ...in] with the derivative of each entry of the value by each entry of the argument. For trees, a tree like
 * the value of trees like the argument of such tensors, in the number format of the argument. Derivatives by and of
 * integers are zeros.
 *
 * Computed forward or backward, whichever has fewer entries, for all of them at once (`vmap`).
 *
 * @example
 * import { fromNested, jacobian, op, toNested, type Tensor } from 'pullback'
 * const f = (x: Tensor<readonly [2]>) => op.mul(x, op.mul(x, x))
 * toNested(jacobian(f)(fromNested([1, 2]))) // => [[3, 0], [0, 12]]
 * type Two = { readonly a: Tensor<readonly [2]>; readonly b: Tensor<readonly []> }
 * const g = ({ a, b }: Two) => op.mul(a, op.broadcast(b, [2]))
 * toNested(jacobian(g)({ a: fromNested([1, 2]), b: fromNested(3) }).b) // => [1, 2]
 */
export const jacobian =
  <A extends Tree, B extends Tree>(f: (a: A) => B) =>
  (a: A): Jacobian<A, B> => {
    const xs = leaves(a, 'jacobian')
    const [value, back] = vjp(f)(a)
    const ys = leaves(value)
    const forward = entriesOf(xs) < entriesOf(ys) ? columns(zerosOf(a), pushforward(value, back)) : undefined
    const backward = forward === undefined ? columns(zerosOf(value), back) : undefined
    const part = (y: AnyTensor, i: number, x: AnyTensor, j: number): AnyTensor => {
      const shape = [...y.shape, ...x.shape]
      const found = forward === undefined ? backward?.[i]?.[j] : forward[j]?.[i]
      if (found === undefined || x.dtype === 'int32' || y.dtype === 'int32') return zeros(shape, x.dtype)
      const outFirst = forward === undefined ? found : swapBlocks(found, 1, y.shape.length)
      return cast(reshape(outFirst, shape) as AnyTensor, x.dtype)
    }
    const rows = ys.map(
      (y, i): Tree =>
        rebuild(
          a,
          xs.map((x, j) => part(y, i, x, j)),
        ),
    )
    return rebuild(value, rows as readonly AnyTensor[]) as unknown as Jacobian<A, B>
  }

/**
 * The Hessian of a function to a scalar: the Jacobian of its gradient, symmetric.
 *
 * @example
 * import { fromNested, hessian, op, toNested, type Tensor } from 'pullback'
 * const f = (x: Tensor<readonly [2]>) => op.sum(op.mul(x, op.mul(x, x)))
 * toNested(hessian(f)(fromNested([1, 2]))) // => [[6, 0], [0, 12]]
 */
export const hessian = <A extends Tree>(f: ScalarFunction<A>): ((a: A) => Jacobian<A, A>) => jacobian(grad(f))
