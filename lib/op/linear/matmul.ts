import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { isContiguous } from '../../tensor/pack.ts'
import { checkRank, showShape, sizeOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { FitsShape, Repeated, Repeats, ShowShape } from '../../type/shape.ts'
import type { AnyTensor, Float, Shape, Tensor } from '../../type/tensor.ts'
import { broadcast, sum } from '../reduce/sum.ts'
import { reshape } from '../shape/reshape.ts'
import { swapLast } from '../shape/transpose.ts'

/** True, or why there is no product. */
type Fits<A extends Shape, B extends Shape> = A extends readonly [
  ...infer L extends Shape,
  number,
  infer K extends number,
]
  ? B extends readonly [...infer M extends Shape, infer J extends number, number]
    ? FitsShape<readonly [K], readonly [J]> extends true
      ? Repeats<L, M> extends true
        ? true
        : 'the leading axes do not repeat to one shape'
      : 'the inner sizes differ'
    : number extends B['length']
      ? true
      : 'a factor has fewer than two axes'
  : number extends A['length']
    ? true
    : 'a factor has fewer than two axes'
type Product<A extends Shape, B extends Shape> = A extends readonly [
  ...infer L extends Shape,
  infer M extends number,
  number,
]
  ? B extends readonly [...infer K extends Shape, number, infer N extends number]
    ? readonly [...Repeated<L, K>, M, N]
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
      : Fits<A, B> extends infer Why extends string
        ? `${ShowShape<A>} times ${ShowShape<B>}: ${Why}`
        : Tensor<B, E>,
  ): Tensor<Product<A, B>, D & E>
}

const leads = (x: AnyTensor): Shape => x.shape.slice(0, -2)
const lastOf = (x: AnyTensor): number => x.shape.at(-1) as number

/** The shape of a product, if it is one. */
const productShape = (a: AnyTensor, b: AnyTensor): Shape => {
  floatDType('matmul', a)
  sameDType('matmul', a, b)
  checkRank('matmul', a, 2)
  checkRank('matmul', b, 2)
  const refused = (expected: string): ShapeError =>
    new ShapeError({
      op: 'matmul',
      expected: `${expected}, the first factor is ${showShape(a.shape)}`,
      actual: showShape(b.shape),
    })
  if (lastOf(a) !== b.shape.at(-2)) throw refused('inner sizes that agree')
  const [long, short] = a.shape.length < b.shape.length ? [leads(b), leads(a)] : [leads(a), leads(b)]
  const missing = long.length - short.length
  const lead = long.map((n, i) => (n === 1 ? (short[i - missing] ?? 1) : n))
  if (!short.every((n, i) => n === 1 || n === lead[i + missing]))
    throw refused('leading axes that agree from the back, or of size 1')
  return [...lead, a.shape.at(-2) as number, lastOf(b)]
}

/** The rows of all matrices of a batch as those of one. */
const rowsOf = <D extends Float>(x: Tensor<Shape, D>): Tensor<Shape, D> =>
  x.shape.length === 2 ? x : reshape(x, [sizeOf(x.shape.slice(0, -1)), lastOf(x)])

/** The matrix of a batch of one. */
const isOne = (b: AnyTensor): boolean => sizeOf(leads(b)) === 1

/** The sum over the axes along which a tensor of some shape was repeated. */
const summedTo = (x: Tensor, shape: Shape): Tensor => {
  const missing = x.shape.length - shape.length
  const repeated = [...x.shape.keys()].filter((i) => i < missing || x.shape[i] !== shape[i - missing])
  return repeated.length === 0 ? x : (reshape(sum(x, repeated) as Tensor, shape) as Tensor)
}

/** The axis of examples in front of as many others as the other factor has. */
const aligned = (x: AnyTensor, rank: number): never => {
  const [size, ...rest] = x.shape as readonly [number, ...Shape]
  const missing = rank - rest.length
  return (missing === 0 ? x : reshape(x as Tensor, [size, ...new Array(missing).fill(1), ...rest])) as never
}

/** The product of tensors without traces; a batch times one matrix is one product of all its rows. */
const multiplied = (a: Tensor, b: Tensor): AnyTensor => {
  const shape = productShape(a, b)
  if (a.shape.length > 2 && isOne(b) && isContiguous(raw(a))) {
    const rows = rowsOf(a)
    const y: AnyTensor = fresh([rows.shape[0] as number, lastOf(b)], engine().matmul(raw(rows), raw(rowsOf(b))))
    return reshape(y as Tensor, shape)
  }
  const repeated = (x: Tensor) => raw(broadcast(x, [...shape.slice(0, -2), ...x.shape.slice(-2)]))
  return fresh(shape, engine().matmul(repeated(a), repeated(b)))
}

/**
 * The matrix product: a [M, K] times b [K, N] gives [M, N]. Leading axes are a batch of products: [...L, M, K] times
 * [...L, K, N] gives [...L, M, N]. They are counted from the back, and where one factor has none or size 1, its matrices
 * are used again, as in NumPy: a batch of sequences [B, T, K] times [K, N] gives [B, T, N], which is one product of B · T
 * rows. Transposed factors cost nothing: `matmul(transpose(a), b)` copies no entry.
 *
 * @example
 * import { fromNested, op, toNested, zeros } from 'pullback'
 * toNested(op.matmul(fromNested([[1, 2]]), fromNested([[3], [4]]))) // => [[11]]
 * op.matmul(zeros([7, 3, 2]), zeros([2, 5])).shape // => [7, 3, 5]
 * op.matmul(zeros([6, 1, 3, 2]), zeros([7, 2, 5])).shape // => [6, 7, 3, 5]
 */
export const matmul: Operation<Matmul> = /* @__PURE__ */ primitive<Matmul>(
  'matmul',
  multiplied as never,
  (_, a, b) =>
    function matmulPullback(d) {
      const ofRows = () => reshape(matmul(swapLast(rowsOf(a)), rowsOf(d) as never), b.shape)
      const ofAll = () => summedTo(matmul(swapLast(a), d) as Tensor, b.shape)
      return [
        () => summedTo(matmul(d, swapLast(b)) as Tensor, a.shape),
        a.shape.length > 2 && isOne(b) ? ofRows : ofAll,
      ]
    },
  ({ size, args, mapped: [left, right], outer: [a, b] }) => {
    const [rows = 0, columns = 0, ...more] = productShape(...args)
    if (!left && more.length === 0 && columns === 1)
      return reshape(matmul(reshape(b, [size, b.shape[1] as number]), swapLast(a)), [size, rows, 1])
    const rank = Math.max(...args.map((x) => x.shape.length))
    return matmul(left ? aligned(a, rank) : (a as never), right ? aligned(b, rank) : (b as never))
  },
)
