import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { checkTensor } from '../../tensor/data.ts'
import { isContiguous } from '../../tensor/pack.ts'
import { checkShape, ownShape, showShape, sizeOf, stridesOf } from '../../tensor/shape.ts'
import type { Sized } from '../../tensor/shaped.ts'
import { fresh, raw, view } from '../../tensor/view.ts'
import type { Product } from '../../type/nat.ts'
import type { ShowShape } from '../../type/shape.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'

type SameSize<S extends Shape, T extends Shape> = -1 extends T[number]
  ? true
  : number extends Product<S> | Product<T>
    ? true
    : Product<S> extends Product<T>
      ? true
      : false
type Reshape = <S extends Shape, D extends DType, const T extends Shape>(
  x: Tensor<S, D>,
  shape: SameSize<S, T> extends true
    ? T
    : `${ShowShape<S>} has ${Product<S>} entries, ${ShowShape<T>} has ${Product<T>}`,
) => Tensor<Sized<T>, D>

/** The shape with its −1, if it has one, replaced by the size that follows from the number of entries. */
const resolve = (from: Shape, to: Shape): Shape => {
  if (!Array.isArray(to)) checkShape('reshape', to)
  const free = to.indexOf(-1)
  if (free < 0) return ownShape('reshape', to)
  if (to.indexOf(-1, free + 1) > 0)
    throw new ShapeError({
      op: 'reshape',
      expected: 'one size that is left open by −1',
      actual: showShape(to),
      code: 'bad-shape',
    })
  const rest = sizeOf(to.filter((_, i) => i !== free))
  return to.map((n, i) => (i === free ? sizeOf(from) / rest : n))
}

/**
 * The same entries in row-major order under another shape of the same size; one size may be −1 and
 * follows from the others. A view where the entries lie in that order, else a copy.
 *
 * @example
 * import { op, range, toNested } from 'pullback'
 * toNested(op.reshape(range(0, 4), [2, -1])) // => [[0, 1], [2, 3]]
 */
export const reshape: Operation<Reshape> = /* @__PURE__ */ primitive<Reshape>(
  'reshape',
  (x, shape) => {
    checkTensor('reshape', x)
    const to = resolve(x.shape, shape)
    if (sizeOf(to) !== x.size || !to.every((n) => Number.isInteger(n)))
      throw new ShapeError({
        op: 'reshape',
        expected: `a shape of ${x.size} entries, as ${showShape(x.shape)} has`,
        actual: showShape(shape),
        code: 'size-mismatch',
      })
    const from = raw(x)
    return isContiguous(from) ? view(from.buffer, to, stridesOf(to), from.offset) : fresh(to, engine().copy(from))
  },
  (_, x) =>
    function reshapePullback(d) {
      return [() => reshape(d, x.shape), null]
    },
  ({ size, args: [one], outer: [x, shape] }) => reshape(x, [size, ...resolve(one.shape, shape)]),
)

/** The first two axes as one: the minibatches of all examples of a `vmap` as one minibatch. */
export const fold = <D extends DType>(x: Tensor<Shape, D>): Tensor<Shape, D> => {
  const [m, n, ...rest] = x.shape as readonly [number, number, ...Shape]
  return reshape(x, [m * n, ...rest])
}

/** The first axis as two, of sizes m and n. */
export const unfold = <D extends DType>(x: Tensor<Shape, D>, m: number, n: number): Tensor<Shape, D> =>
  reshape(x, [m, n, ...x.shape.slice(1)])
