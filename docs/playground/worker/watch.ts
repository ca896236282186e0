// What each layer of a network gives: a copy of the network whose innermost layers tell their outputs as they run.
import { type AnyLayer, isTensor, predict, type Tensor } from 'pullback'
import type { Input } from './data/dataset.ts'

export interface Output {
  /** The names on the path to the layer, and its kind. */
  readonly name: string
  readonly kind: string
  readonly value: Tensor
}

/** Layers that only hand on what they are given. */
const silent: ReadonlySet<string> = new Set(['flatten', 'reshape', 'identity'])

const telling = (layer: AnyLayer, tell: (output: Output) => void, path: readonly string[]): AnyLayer => {
  const { structure, kind } = layer
  if (structure !== undefined)
    return structure.rebuild(
      structure.parts.map((part) => telling(part.layer, tell, part.name === '' ? path : [...path, part.name])),
    )
  const apply: AnyLayer['apply'] = (params, state, context, x) => {
    const step = layer.apply(params, state, context, x)
    if (isTensor(step.value) && !silent.has(kind)) tell({ name: path.join('.'), kind, value: step.value as Tensor })
    return step
  }
  return { ...layer, apply }
}

export const outputsOf = (
  network: AnyLayer,
  variables: { readonly params: unknown; readonly state: unknown },
  x: Input,
) => {
  const outputs: Output[] = []
  predict(
    telling(network, (output) => outputs.push(output), []),
    variables,
    x,
  )
  return outputs as readonly Output[]
}
