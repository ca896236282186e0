import type { AnyLayer } from '../layer/layer.ts'
import { declarations } from '../layer/variables.ts'
import { ownOf } from '../tree/name.ts'
import type { AnyTensor, Shape } from '../type/tensor.ts'

/** Where a network keeps a variable: in its parameters or in its state, under the names on the way to it. */
export interface Place {
  readonly of: 'params' | 'state'
  readonly path: readonly string[]
}

/** A variable of an innermost layer. */
export interface Variable {
  /** Its dotted name within the layer. */
  readonly name: string
  /** Its kind in the layer itself: a frozen parameter is state of the network, but a parameter of its layer. */
  readonly of: 'params' | 'state'
  readonly shape: Shape
  readonly place: Place
}

/** A layer that is not made of others, at its place in a network. */
export interface Innermost {
  readonly layer: AnyLayer
  /** The names around it. */
  readonly path: readonly string[]
  readonly variables: readonly Variable[]
}

const at = (record: unknown, path: readonly string[]): unknown => path.reduce(ownOf, record)

/** The tensor at a place of some variables. */
export const tensorAt = (variables: unknown, { of, path }: Place): AnyTensor =>
  at(variables, [of, ...path]) as AnyTensor

export const showPlace = ({ of, path }: Place): string => [of, ...path].join('.')

/** The place of a parameter in a layer around: its own unless it is frozen or tied to another there. */
const around = ({ structure, params, state }: AnyLayer, place: Place): Place => {
  if (place.of === 'state' || at(params, place.path) !== undefined) return place
  const frozen = ['frozen', ...place.path]
  if (at(state, frozen) !== undefined) return { of: 'state', path: frozen }
  const kept = structure?.kept?.(place.path.join('.'))
  return kept === undefined ? place : { of: 'params', path: kept.split('.') }
}

const variablesOf = (layer: AnyLayer, of: 'params' | 'state'): readonly Variable[] =>
  declarations(layer[of]).map(([name, { shape }]) => ({ name, of, shape, place: { of, path: name.split('.') } }))

/** A part of a layer by the name that it goes by elsewhere. */
export type Naming = (around: AnyLayer, part: string) => string

/**
 * The innermost layers of a network in order, with the places of their variables in it. `naming` gives other names for
 * their paths.
 */
export const innermost = (layer: AnyLayer, naming: Naming = (_, part) => part): readonly Innermost[] => {
  const { structure } = layer
  if (structure === undefined)
    return [{ layer, path: [], variables: [...variablesOf(layer, 'params'), ...variablesOf(layer, 'state')] }]
  return structure.parts.flatMap(({ name, layer: part }) => {
    const within = name === '' ? [] : [name]
    const called = within.map((own) => naming(layer, own))
    return innermost(part, naming).map((inner) => ({
      layer: inner.layer,
      path: [...called, ...inner.path],
      variables: inner.variables.map((variable) => {
        const { of, path } = variable.place
        return { ...variable, place: around(layer, { of, path: [...within, ...path] }) }
      }),
    }))
  })
}
