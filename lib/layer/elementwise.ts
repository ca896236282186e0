import { type Operation, primitive } from '../diff/primitive.ts'
import { ValueError } from '../error/tensorError.ts'
import { mul } from '../op/mul.ts'
import type { Unary } from '../op/signature.ts'
import { unsafeFromBuffer } from '../tensor/from.ts'
import { toTypedArray } from '../tensor/to.ts'
import type { Any, Same } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'
import { any, type Layer, none } from './layer.ts'
import { stateless } from './stateless.ts'

type Pointwise = (x: Tensor) => Tensor
type NumberFunction = (x: number) => number

/** A function and its derivatives, each the derivative of the one before, as an operation. */
const pointwise = (fs: readonly NumberFunction[], order: number): Operation<Pointwise> => {
  const f = fs[order]
  if (f === undefined)
    throw new ValueError({
      op: 'elementwise',
      expected: `a derivative of order ${order}`,
      actual: `${fs.length - 1}`,
      remedy: 'give the further derivatives as further arguments, or use an operation',
    })
  return primitive<Pointwise>(
    'elementwise',
    (x) => unsafeFromBuffer(toTypedArray(x).map((v) => f(v)) as Float64Array, x.shape),
    (_, x) =>
      function elementwisePullback(d) {
        return [() => mul(d, pointwise(fs, order + 1)(x))]
      },
  )
}

/** A layer from an operation of one tensor. */
export const fromOperation = <O>(operation: Operation<Unary> | Operation<Pointwise>): Layer<Any, O> =>
  stateless<Any, O>(operation.operation, any, none, (_, x) => {
    const [value, back] = (operation as Operation<Pointwise>).pull(x)
    return [value, (dy) => ({ params: () => none, input: back(dy)[0] as () => Tensor })]
  })

/**
 * A layer that does the same to each entry, for any shape: from an operation, or from a function of one number and its
 * derivative. For second derivatives of the network give the second derivative too, and so on.
 *
 * A function on numbers runs in plain JavaScript; an operation is faster.
 *
 * @example
 * import { elementwise, key, fromNested, init, predict, toNested } from 'pullback'
 * const square = elementwise((x) => x * x, (x) => 2 * x, () => 2)
 * toNested(predict(square, init(square, key(0)), fromNested([[1, 2], [3, 4]]))) // => [[1, 4], [9, 16]]
 */
export function elementwise(operation: Operation<Unary>): Layer<Any, Same>
export function elementwise(
  f: NumberFunction,
  derivative: NumberFunction,
  ...further: readonly NumberFunction[]
): Layer<Any, Same>
export function elementwise(
  f: Operation<Unary> | NumberFunction,
  ...derivatives: readonly NumberFunction[]
): Layer<Any, Same> {
  return fromOperation<Same>('operation' in f ? f : pointwise([f, ...derivatives], 0))
}
