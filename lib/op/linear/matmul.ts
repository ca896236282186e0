import { unboxed } from '../../diff/boxed.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { isContiguous } from '../../tensor/pack.ts'
import { checkRank, sameShape, showShape } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { FitsShape, ShowShape } from '../../type/shape.ts'
import type { AnyTensor, Float, Shape, Tensor } from '../../type/tensor.ts'
import { fold, reshape, unfold } from '../shape/reshape.ts'
import { swapLast } from '../shape/transpose.ts'

/** The inner sizes and the batch agree. */
type Inner<A extends Shape, B extends Shape> = A extends readonly [
  ...infer L extends Shape,
  number,
  infer K extends number,
]
  ? B extends readonly [...infer M extends Shape, infer J extends number, number]
    ? FitsShape<readonly [...L, K], readonly [...M, J]>
    : number extends B['length']
      ? true
      : false
  : number extends A['length']
    ? true
    : false
type Product<A extends Shape, B extends Shape> = A extends readonly [
  ...infer L extends Shape,
  infer M extends number,
  number,
]
  ? B extends readonly [...Shape, number, infer N extends number]
    ? readonly [...L, M, N]
    : Shape
  : Shape
interface Matmul {
  <M extends number, K extends number, N extends number, D extends Float>(
    a: Tensor<readonly [M, K], D>,
    b: Tensor<readonly [NoInfer<K>, N], NoInfer<D>>,
  ): Tensor<readonly [M, N], D>
  <A extends Shape, B extends Shape, D extends Float, E extends Float>(
    a: Tensor<A, D>,
    b: [D & E] extends [never]
      ? `needs ${D}, as the first, but is given ${E}`
      : Inner<A, B> extends true
        ? Tensor<B, E>
        : `${ShowShape<A>} times ${ShowShape<B>}: the inner sizes differ`,
  ): Tensor<Product<A, B>, D & E>
}

/** The shape of a product, if it is one. */
const productShape = (a: AnyTensor, b: AnyTensor): Shape => {
  floatDType('matmul', a)
  sameDType('matmul', a, b)
  checkRank('matmul', a, 2)
  checkRank('matmul', b, 2)
  const rows = a.shape.slice(0, -1)
  const inner = b.shape.slice(0, -1)
  if (!sameShape([...rows.slice(0, -1), ...a.shape.slice(-1)], inner))
    throw new ShapeError({
      op: 'matmul',
      expected: `inner sizes that agree, the first factor is ${showShape(a.shape)}`,
      actual: showShape(b.shape),
    })
  return [...rows, ...b.shape.slice(-1)]
}

/**
 * The matrix product: a [M, K] times b [K, N] gives [M, N]. Equal leading axes are a batch of products: [...L, M, K]
 * times [...L, K, N] gives [...L, M, N]. Transposed factors cost nothing: `matmul(transpose(a), b)` copies no entry.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.matmul(fromNested([[1, 2]]), fromNested([[3], [4]]))) // => [[11]]
 */
export const matmul: Operation<Matmul> = /* @__PURE__ */ primitive<Matmul>(
  'matmul',
  (a, b) => fresh(productShape(a, b), engine().matmul(raw(a), raw(b))),
  (_, a, b) =>
    function matmulPullback(d) {
      return [() => matmul(d, swapLast(b)), () => matmul(swapLast(a), d)]
    },
  ({ size, args, mapped: [left, right], outer: [a, b], all }) => {
    const [rows = 0, columns = 0, ...more] = productShape(...args)
    if (more.length > 0 || (left && right)) return matmul(...all)
    if (left && isContiguous(raw(unboxed(a)))) return unfold(matmul(fold(a), b), size, rows) // one product
    if (right && columns === 1)
      return reshape(matmul(reshape(b, [size, b.shape[1] as number]), swapLast(a)), [size, rows, 1])
    return matmul(...all)
  },
)
