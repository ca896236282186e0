import type { Tree } from '../tree/tree.ts'
import { inferred } from './inferred.ts'
import type { Context, Cotangents, Layer, Spec } from './layer.ts'
import { checkPort } from './port.ts'
import { own } from './records.ts'
import { stateless } from './stateless.ts'

/** A layer from a function of its parameters and a minibatch, made of operations; its pullback is derived. */
export const derived = <I, O, P>(
  kind: string,
  input: I,
  params: Spec<P>,
  f: (given: { readonly params: P; readonly x: never }, context: Context) => Tree,
): Layer<I, O, P> =>
  stateless<I, O, P, Tree, Tree>(kind, input, params, (given, x, context) => {
    checkPort(kind, input, x)
    // A chain passes the parameters of all its layers.
    const of = { params: own(params as object, given) as Tree, x }
    const [value, pullback] = inferred(kind, (each: typeof of) => f(each as never, context), of)
    return [value, pullback as unknown as (dy: Tree) => Cotangents<P, Tree>]
  })
