import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import { checkInt32, checkTensor } from '../../tensor/data.ts'
import { inspect } from '../../tensor/inspect.ts'
import { fresh, isTensor, raw } from '../../tensor/view.ts'
import { mapTree, type Tree } from '../../tree/tree.ts'
import type { AnyTensor, DType, Float, Shape, Tensor } from '../../type/tensor.ts'

/** A tree with its floats in another precision. */
export type InPrecision<T, D extends Float> =
  T extends Tensor<infer S, infer E>
    ? E extends Float
      ? Tensor<S, D>
      : T
    : { readonly [K in keyof T]: InPrecision<T[K], D> }

interface Cast {
  <S extends Shape, D extends DType>(x: Tensor<S, DType>, to: D): Tensor<S, D>
  <T extends Tree, D extends Float>(tree: T, to: D): InPrecision<T, D>
}
type Convert = (x: AnyTensor, to: DType) => AnyTensor

const convert: Operation<Convert> = /* @__PURE__ */ primitive<Convert>(
  'cast',
  (x, to) => {
    checkTensor('cast', x)
    if (x.dtype === to) return x
    if (to === 'int32')
      inspect([raw(x)], (numbers) => {
        for (const value of numbers) checkInt32('cast', value)
      })
    return fresh(x.shape, engine().cast(raw(x), to))
  },
  (_, x) =>
    function castPullback(d) {
      return [x.dtype === 'int32' ? null : () => convert(d, x.dtype), null]
    },
  leading,
)

/** A tree with all its floats in one precision; labels and indices stay int32. */
export const castFloats = <T extends Tree>(tree: T, to: Float): T =>
  mapTree(tree, (t) => (t.dtype === 'int32' ? t : convert(t, to)))

/**
 * The entries of a tensor in another number format. A cast to int32 truncates nothing: an entry that is not a whole
 * number is a `ValueError`. Given a record of tensors, converts its floats; labels and indices stay int32.
 * Differentiable between float32 and float64.
 *
 * @example
 * import { cast, zeros } from 'pullback'
 * cast(zeros([2]), 'int32').dtype // => 'int32'
 * cast({ W: zeros([2, 2]), b: zeros([2]) }, 'float64').b.dtype // => 'float64'
 */
export const cast = ((x: Tree, to: DType) => (isTensor(x) ? convert(x, to) : castFloats(x, to as Float))) as Cast
