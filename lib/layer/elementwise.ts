import { leading } from '../diff/mapped.ts'
import { type Operation, primitive } from '../diff/primitive.ts'
import { DerivativeError } from '../error/tensorError.ts'
import { mul } from '../op/elementwise/mul.ts'
import type { Unary } from '../op/signature.ts'
import { floatDType, notATensor } from '../tensor/data.ts'
import { unsafeFromBuffer } from '../tensor/from.ts'
import { checkSame } from '../tensor/shape.ts'
import { toTypedArray } from '../tensor/to.ts'
import { isTensor } from '../tensor/view.ts'
import { vjp } from '../transform/vjp.ts'
import type { Any, Same } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'
import { any, type Layer, none, type Traits } from './layer.ts'
import { parameterless, stateless } from './stateless.ts'

type Pointwise = (x: Tensor) => Tensor
type NumberFunction = (x: number) => number

/** An operation from a list of functions of one number, in which each is the derivative of the one before. */
const pointwise = (fs: readonly NumberFunction[], order: number): Operation<Pointwise> => {
  const f = fs[order]
  if (f === undefined)
    throw new DerivativeError({
      op: 'elementwise',
      expected: `a derivative of order ${order}`,
      actual: `${fs.length - 1}`,
      remedy: 'give the further derivatives as further arguments, or use an operation',
    })
  return primitive<Pointwise>(
    'elementwise',
    (x) => {
      floatDType('elementwise', x)
      return unsafeFromBuffer(toTypedArray(x).map((v) => f(v)) as Float64Array, x.shape)
    },
    (_, x) =>
      function elementwisePullback(d) {
        return [() => mul(d, pointwise(fs, order + 1)(x))]
      },
    leading,
  )
}

/** A layer from an operation of one tensor. */
export const fromOperation = <O>(operation: Operation<Unary> | Operation<Pointwise>, traits?: Traits): Layer<Any, O> =>
  parameterless<Any, O>(operation.operation, any, (operation as Operation<Pointwise>).pull, traits)

/** A layer from a function made of operations that keeps the shape of its input. */
export const fromFunction = (kind: string, f: Pointwise): Layer<Any, Same> =>
  stateless<Any, Same>(kind, any, none, (_, x) => {
    if (!isTensor(x)) throw notATensor(kind, x)
    const [value, back] = vjp(f)(x)
    checkSame(kind, x, value)
    return [value, (dy) => ({ params: () => none, input: () => back(dy) })]
  })

/**
 * A layer that applies a function to each entry, for any shape. It takes an operation or a function made of operations,
 * whose derivative is known, or a function of one number and its derivative. For second derivatives of the network pass
 * the second derivative too, and so on. A function of numbers runs in plain JavaScript; operations are faster.
 *
 * @example
 * import { elementwise, fromNested, init, key, op, predict, toNested } from 'pullback'
 * const square = elementwise((x) => x * x, (x) => 2 * x, () => 2)
 * toNested(predict(square, init(square, key(0)), fromNested([[1, 2], [3, 4]]))) // => [[1, 4], [9, 16]]
 * const same = elementwise((x) => op.mul(x, x))
 * toNested(predict(same, init(same, key(0)), fromNested([[3]]))) // => [[9]]
 */
export function elementwise(f: (x: Tensor) => Tensor): Layer<Any, Same>
export function elementwise(
  f: NumberFunction,
  derivative: NumberFunction,
  ...further: readonly NumberFunction[]
): Layer<Any, Same>
export function elementwise(
  f: Operation<Unary> | Pointwise | NumberFunction,
  ...derivatives: readonly NumberFunction[]
): Layer<Any, Same> {
  if ('operation' in f) return fromOperation<Same>(f)
  if (derivatives.length > 0) return fromOperation<Same>(pointwise([f as NumberFunction, ...derivatives], 0))
  return fromFunction(f.name === '' ? 'elementwise' : f.name, f as Pointwise)
}
