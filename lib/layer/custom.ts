import { checkOptions } from '../error/options.ts'
import { StructureError, within } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { checkShape } from '../tensor/shape.ts'
import { fixed } from '../tree/fixed.ts'
import { checkName, ownOf } from '../tree/name.ts'
import { isBranch, type Tree } from '../tree/tree.ts'
import type { Any, Batch, Ints, Port } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { checkFunction } from './checkLayer.ts'
import { derived } from './derived.ts'
import type { Layer, Leaf, Spec } from './layer.ts'
import { portOf } from './port.ts'
import { isLeaf } from './variables.ts'

/** The declarations of parameters: a record of them, which may be nested. */
export type Declarations = { readonly [name: string]: Leaf | Declarations }

/** The parameters that belong to declarations: the same record with a tensor for each declaration. */
export type ParamsOf<D> = D extends Leaf<infer S> ? Tensor<S> : { readonly [K in keyof D]: ParamsOf<D[K]> }

/** The port of a minibatch: its shapes without the batch. */
export type PortOf<Y> = Tree extends Y
  ? Any
  : Y extends Tensor<infer S>
    ? S extends readonly [unknown, ...infer R extends Shape]
      ? Readonly<R>
      : Shape
    : Y extends Tensor<infer S, 'int32'>
      ? S extends readonly [unknown, ...infer R extends Shape]
        ? Ints<Readonly<R>>
        : Ints
      : { readonly [K in keyof Y]: PortOf<Y[K]> }

/** The definition of a custom layer: its input, its parameters, and the function that it computes. */
export interface Definition<I, D, Y> {
  /** The name of the layer in summaries and errors. */
  readonly kind: string
  /** The shape of one example, or a record of shapes. */
  readonly input: I
  /** The shape of each parameter, and its initializer. */
  readonly params: D
  readonly forward: (params: ParamsOf<D>, x: Batch<I>) => Y
}

/** Checks declarations and copies them, so that later changes by the caller have no effect. */
const declaredBy = <D>(kind: string, given: D): D => {
  if (!isBranch(given) || Array.isArray(given) || isLeaf(given) !== Array.isArray(ownOf(given, 'shape')))
    throw new StructureError({
      op: kind,
      expected: 'parameters { shape, draw } by name, with a shape and an initializer each',
      actual: describe(given),
    })
  if (isLeaf(given)) {
    checkOptions(kind, given, ['shape', 'draw'])
    checkShape(kind, given.shape)
  } else
    for (const [name, part] of Object.entries(given)) {
      checkName(kind, name)
      within(name, () => declaredBy(kind, part))
    }
  return fixed(given) as D
}

/**
 * A layer from a function of its parameters and a minibatch, made of operations; the backward pass is derived from it.
 * `init`, `start` and `summary` run it once on an empty minibatch, to check the sizes.
 *
 * @example
 * import { count, gradCheck, init, key, layer, op, random } from 'pullback'
 * const gain = layer({
 *   kind: 'gain',
 *   input: [3],
 *   params: { g: { shape: [3], draw: (k, shape, dtype) => random.uniform(k, shape, { dtype }) } },
 *   forward: ({ g }, x) => op.mul(x, op.broadcast(g, x.shape)),
 * })
 * count(gain) // => 3
 * gradCheck(gain, { params: init(gain, key(0)).params, input: random.normal(key(1), [4, 3]) }).pass // => true
 */
export const layer = <const I extends Port | Any, const D extends Declarations, Y extends Tree>(
  definition: Definition<I, D, Y>,
): Layer<I, PortOf<Y>, ParamsOf<D>> => {
  checkOptions('layer', definition, ['kind', 'input', 'params', 'forward'])
  const { kind, forward } = definition
  if (typeof kind !== 'string')
    throw new StructureError({ op: 'layer', expected: 'a kind, which is a text', actual: describe(kind) })
  checkFunction(kind, 'forward, a function of parameters and a minibatch', forward)
  const input = portOf(kind, definition.input)
  const params = declaredBy(kind, definition.params)
  type P = ParamsOf<D>
  return derived<I, PortOf<Y>, P>(kind, input, params as unknown as Spec<P>, (given) =>
    forward(given.params, given.x as Batch<I>),
  )
}
