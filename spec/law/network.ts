import type { Arbitrary } from 'fast-check'
import { type AnyLayer, type Context, key, random, type Tensor, type Tree } from 'pullback'
import t from 'tap'
import type { Network } from '../arbitrary/piece.ts'
import { check } from '../support/property.ts'
import { closeTrees, sameTree } from './diff.ts'
import { caseOf, training } from './layer.ts'

/** A law, checked on four hundred of what it is about, so that each pair of neighbours comes up several times. fast-check prints the network, the seed and the path where it fails. */
export const law = <A>(name: string, of: Arbitrary<A>, holds: (a: A) => boolean, runs = 400): void => {
  t.test(name, async () => check(of, holds, runs))
}

/** Close as vectors, with such as are rounding alone. */
export const near = (a: Tree, b: Tree, relative = 1e-10): boolean => closeTrees(a, b, relative, 1e-3)

export const normal = (seed: number, batch: number, size: number): Tensor =>
  random.normal(key(seed), [batch, size], 'float64') as Tensor

/** Numbers for a network: parameters and state, a minibatch, and a cotangent of what it gives. */
export const numbersFor = ({ layer, input, output }: Network, batch = 2) => ({
  ...caseOf(layer, batch, [input]),
  dy: normal(3, batch, output),
})

/** What comes of a step forward and back. */
export interface Outcome {
  readonly value: Tree
  readonly state: Tree
  readonly params: Tree
  readonly input: Tree
}

export const step = (
  layer: AnyLayer,
  { params, state, x, dy }: { readonly params: Tree; readonly state: Tree; readonly x: Tree; readonly dy: Tree },
  context: Context = training,
): Outcome => {
  const { value, state: after, pullback } = layer.apply(params, state, context, x as Tensor)
  const cotangents = pullback(dy as Tensor)
  return { value: value as Tree, state: after, params: cotangents.params(), input: cotangents.input() as Tree }
}

/** The same value, state and cotangents, to the last bit. */
export const sameOutcome = (a: Outcome, b: Outcome): boolean => sameTree({ ...a }, { ...b })
