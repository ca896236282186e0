// Operations that apply a function of numbers to each entry, from the name of the kernel and the pullback in one line.
import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Binary, Scalar, Tuned, Unary } from '../signature.ts'
import { type AnyMapName, type AnyZipName, entrywise, pairwise, type SetOf } from './kernels.ts'

/** The function under the name of the operation's pullback, so that a stack trace tells which operation's failed. */
const named = <F extends (...args: never[]) => Tensor>(operation: string, pullback: F): F =>
  Object.defineProperty(pullback, 'name', { value: `${operation}Pullback` })

/** An operation y = f(x). The pullback gives the cotangent of x from d, that of y. */
export const unary = <F extends AnyMapName>(
  name: F,
  pullback: (d: Tensor, x: Tensor, y: Tensor) => Tensor,
  ...set: SetOf<F>
): Operation<Unary> => {
  const back = named(name, pullback)
  return primitive<Unary>(name, entrywise(name, ...set), (y, x) => (d) => [() => back(d, x, y)], leading)
}

/**
 * An operation y = f(x, k) for a number k. `option` makes it from the argument: it has the usual value, if there is
 * one, and refuses what is not allowed.
 */
export const tuned = <O extends Tuned | Scalar, F extends AnyMapName>(
  name: F,
  option: (k?: number) => number,
  pullback: (d: Tensor, x: Tensor, k: number) => Tensor,
  ...set: SetOf<F>
): Operation<O> => {
  const kernel = entrywise(name, ...set)
  const back = named(name, pullback)
  const operation = primitive<Tuned>(
    name,
    (x, given) => kernel(x, option(given)),
    (_, x, given) => {
      const k = option(given)
      return (d) => [() => back(d, x, k)]
    },
    leading,
  )
  return operation as unknown as Operation<O>
}

type OfPair = (d: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor

/**
 * An operation y = f(a, b) of two tensors of one shape. The pullbacks give the cotangents of a and of b from d, that of
 * y.
 */
export const binary = <F extends AnyZipName>(
  name: F,
  pullbackOfA: OfPair,
  pullbackOfB: OfPair,
  ...set: SetOf<F>
): Operation<Binary> => {
  const toA = named(name, pullbackOfA)
  const toB = named(name, pullbackOfB)
  return primitive<Binary>(
    name,
    pairwise(name, ...set),
    (y, a, b) => (d) => [() => toA(d, a, b, y), () => toB(d, a, b, y)],
    leading,
  )
}
