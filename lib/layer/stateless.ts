import { StructureError } from '../error/tensorError.ts'
import type { Tensor } from '../type/tensor.ts'
import { type Cotangents, type Empty, type Layer, lazy, none, type Spec } from './layer.ts'

/** From parameters and a minibatch to the value, and from its cotangent to those of the parameters and of the minibatch. */
export type Forward<P> = (
  params: P,
  x: Tensor,
) => readonly [value: Tensor, pullback: (dy: Tensor) => Cotangents<P, Tensor>]

/** A layer from one tensor to one, without state and without randomness. */
export const stateless = <I, O, P = Empty>(
  kind: string,
  input: I,
  params: Spec<P>,
  forward: Forward<P>,
): Layer<I, O, P> => {
  const names = Object.keys(params as object)
  const apply = (given: P, _state: unknown, _context: unknown, x: Tensor) => {
    for (const name of names)
      if (!Object.hasOwn(given as object, name))
        throw new StructureError({ op: kind, expected: `a parameter with the name '${name}'`, actual: 'none' })
    const [value, back] = forward(given, x)
    const pullback = (dy: Tensor): Cotangents<P, Tensor> => {
      const cotangents = back(dy)
      return { params: lazy(cotangents.params), input: lazy(cotangents.input) }
    }
    return { value, state: none, pullback }
  }
  return { kind, input, params, state: none, apply: apply as unknown as Layer<I, O, P>['apply'] }
}
