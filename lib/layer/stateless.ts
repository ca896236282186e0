import type { Thunk } from '../diff/trace.ts'
import { StructureError } from '../error/tensorError.ts'
import { notATensor } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import { notSpread } from '../tree/notSpread.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { type Context, type Cotangents, type Empty, type Layer, lazy, none, type Spec, type Traits } from './layer.ts'
import { checkPort } from './port.ts'

/**
 * Maps parameters and a minibatch to the value, and the cotangent of the value to those of the parameters and of the
 * minibatch. Few layers need the context.
 */
export type Forward<P, X = Tensor, Y = Tensor> = (
  params: P,
  x: X,
  context: Context,
) => readonly [value: Y, pullback: (dy: Y) => Cotangents<P, X>]

/** A layer without state. */
export const stateless = <I, O, P = Empty, X = Tensor, Y = Tensor>(
  kind: string,
  input: I,
  params: Spec<P>,
  forward: Forward<P, X, Y>,
): Layer<I, O, P> => {
  const names = Object.keys(params as object)
  const apply = (given: P, _state: unknown, context: Context, x: X) => {
    if (Array.isArray(input) && !isTensor(x)) throw notATensor(kind, x)
    for (const name of names)
      if (!Object.hasOwn(given as object, name))
        throw new StructureError({
          op: kind,
          expected: `a parameter with the name '${name}'`,
          actual: 'none',
          code: 'missing-name',
        })
    const [value, back] = forward(given, x, context)
    const pullback = (dy: Y): Cotangents<P, X> => {
      const cotangents = back(dy)
      return { params: lazy(cotangents.params), input: lazy(cotangents.input) }
    }
    return { value, state: none, pullback }
  }
  return { kind, input, params, state: none, apply: apply as unknown as Layer<I, O, P>['apply'] }
}

/** An operation as a layer runs it: the value, and the cotangents of the minibatch and of each parameter. */
type Pull = (
  x: Tensor,
  ...params: readonly Tensor[]
) => readonly [value: AnyTensor, pullback: (dy: Tensor) => readonly (Thunk | null)[]]

/** A layer that is an operation of the minibatch and its parameters, which `pull` takes in the order of their declarations. */
export const fromPull = <I, O, P = Empty>(kind: string, input: I, params: Spec<P>, pull: Pull): Layer<I, O, P> => {
  const names = Object.keys(params as object)
  return stateless<I, O, P>(kind, input, params, (given, x) => {
    if (!isTensor(x)) throw notATensor(kind, x)
    checkPort(kind, input, x)
    const [value, back] = pull(
      x,
      ...names.map((name) => (given as { readonly [name: string]: Tensor })[name] as Tensor),
    )
    return [
      value as Tensor,
      (dy) => {
        const [dx, ...slopes] = back(dy) as readonly (() => Tensor)[]
        const cotangents = () => Object.fromEntries(names.map((name, i) => [name, slopes[i]?.()]))
        return { params: () => (names.length === 0 ? none : cotangents()) as P, input: dx as () => Tensor }
      },
    ]
  })
}

/** A layer without parameters, from the `pull` of an operation. */
export const parameterless = <I, O>(
  kind: string,
  input: I,
  pull: (x: Tensor) => ReturnType<Pull>,
  traits: Traits = none,
): Layer<I, O> => notSpread(fromPull<I, O>(kind, input, none, pull), traits)
