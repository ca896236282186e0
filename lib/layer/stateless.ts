import type { Thunk } from '../diff/trace.ts'
import { StructureError } from '../error/tensorError.ts'
import { notATensor } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import { notSpread } from '../tree/notSpread.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { type Cotangents, type Empty, type Layer, lazy, none, type Spec, type Traits } from './layer.ts'
import { checkPort } from './port.ts'

/** From parameters and a minibatch to the value, and from its cotangent to those of the parameters and of the minibatch. */
export type Forward<P, X = Tensor, Y = Tensor> = (
  params: P,
  x: X,
) => readonly [value: Y, pullback: (dy: Y) => Cotangents<P, X>]

/** A layer without state and without randomness. */
export const stateless = <I, O, P = Empty, X = Tensor, Y = Tensor>(
  kind: string,
  input: I,
  params: Spec<P>,
  forward: Forward<P, X, Y>,
): Layer<I, O, P> => {
  const names = Object.keys(params as object)
  const apply = (given: P, _state: unknown, _context: unknown, x: X) => {
    if (Array.isArray(input) && !isTensor(x)) throw notATensor(kind, x)
    for (const name of names)
      if (!Object.hasOwn(given as object, name))
        throw new StructureError({ op: kind, expected: `a parameter with the name '${name}'`, actual: 'none' })
    const [value, back] = forward(given, x)
    const pullback = (dy: Y): Cotangents<P, X> => {
      const cotangents = back(dy)
      return { params: lazy(cotangents.params), input: lazy(cotangents.input) }
    }
    return { value, state: none, pullback }
  }
  return { kind, input, params, state: none, apply: apply as unknown as Layer<I, O, P>['apply'] }
}

/** A layer without parameters, from the `pull` of an operation. */
export const parameterless = <I, O>(
  kind: string,
  input: I,
  pull: (x: Tensor) => readonly [value: AnyTensor, pullback: (dy: Tensor) => readonly (Thunk | null)[]],
  traits: Traits = none,
): Layer<I, O> => {
  const layer = stateless<I, O>(kind, input, none, (_, x) => {
    if (!isTensor(x)) throw notATensor(kind, x)
    checkPort(kind, input, x)
    const [value, back] = pull(x)
    return [value as Tensor, (dy) => ({ params: () => none, input: back(dy)[0] as () => Tensor })]
  })
  return notSpread(layer, traits)
}
