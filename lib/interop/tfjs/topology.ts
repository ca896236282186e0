import { brief, isObject } from '../../codec/safetensors/header.ts'
import { ownOf } from '../../tree/name.ts'
import type { Shape } from '../../type/tensor.ts'
import { endsOf, inOrder } from './inbound.ts'
import type { Limits } from './limits.ts'
import { unsupported, wrong } from './wrong.ts'

/** A layer as a topology lists it. */
export interface Listed {
  readonly className: string
  readonly name: string
  readonly config: unknown
  /** Its place in the JSON. */
  readonly path: string
}

/** A layer with the places of those whose outputs it takes; one that takes none takes an input of the model. */
export interface Node extends Listed {
  readonly sources: readonly number[]
}

const textAt = (found: unknown, name: string): string | undefined => {
  const text = ownOf(found, name)
  return typeof text === 'string' ? text : undefined
}

/** A layer in a list; one of a functional model may have its name beside its configuration. */
export const listedIn = (found: unknown, path: string): Listed => {
  const [className, config] = [textAt(found, 'class_name'), ownOf(found, 'config')]
  const name = textAt(config, 'name') ?? textAt(found, 'name')
  if (className === undefined || !isObject(config) || name === undefined)
    throw wrong('BadEntry', 'a layer { class_name, config } with a name', brief(found), { entry: path })
  return { className, name, config, path }
}

const models = ['Sequential', 'Model', 'Functional']

/** Adds the layers of a model to a list, those of models within it in their place; returns the place of its output. */
const place = (nodes: Node[], found: unknown, path: string, given: readonly number[], limits: Limits): number => {
  const [className, config] = [textAt(found, 'class_name') ?? '', ownOf(found, 'config')]
  if (!models.includes(className)) {
    if (nodes.length === limits.layers) throw wrong('TooLarge', `at most ${limits.layers} layers`, 'more')
    return nodes.push({ ...listedIn(found, path), sources: given }) - 1
  }
  const isSequential = className === 'Sequential'
  const isList = isSequential && Array.isArray(config)
  const layers: unknown = isList ? config : ownOf(config, 'layers')
  const own = isList ? `${path}.config` : `${path}.config.layers`
  if (!Array.isArray(layers) || layers.length === 0)
    throw wrong('BadEntry', 'a list of layers, at least one', brief(layers), { entry: own })
  const at = (i: number): string => `${own}[${i}]`
  if (isSequential)
    return layers.reduce(
      (before: number, layer: unknown, i) => place(nodes, layer, at(i), i === 0 ? given : [before], limits),
      -1,
    )
  const inputs = endsOf(config, 'input_layers', path)
  const [output, ...others] = endsOf(config, 'output_layers', path) as [string]
  if (others.length > 0)
    throw unsupported('a model with one output', `${others.length + 1}`, { entry: `${path}.config.output_layers` })
  if (given.length > 0 && given.length !== inputs.length)
    throw wrong('BadEntry', `${inputs.length} inputs`, `${given.length}`, { entry: path })
  const linked = layers.map((layer: unknown, i) => ({ name: listedIn(layer, at(i)).name, found: layer, path: at(i) }))
  const names = new Set(linked.map(({ name }) => name))
  const missing = inputs.find((name) => !names.has(name))
  if (missing !== undefined) throw wrong('MissingName', `a layer '${missing}'`, 'none', { entry: own })
  const inputAt = new Map(inputs.map((name, i) => [name, i] as const))
  const places = new Map<string, number>()
  for (const [layer, sources] of inOrder(linked, output, path)) {
    const input = inputAt.get(layer.name)
    if (sources.length === 0 && input === undefined)
      throw unsupported('layers that lead from an input', `'${layer.name}', which takes none`, { entry: layer.path })
    const from = input === undefined ? sources.map((name) => places.get(name) as number) : given.slice(input, input + 1)
    places.set(layer.name, place(nodes, layer.found, layer.path, from, limits))
  }
  return places.get(output) as number
}

/** The layers of a topology, in which the converter of Keras models wraps the model once more; the last is the output. */
export const nodesIn = (topology: unknown, limits: Limits): readonly Node[] => {
  const inner = ownOf(topology, 'model_config')
  const path = inner === undefined ? 'modelTopology' : 'modelTopology.model_config'
  const model = inner ?? topology
  if (!models.includes(textAt(model, 'class_name') ?? ''))
    throw unsupported(`a model of the class ${models.join(', ')}`, brief(ownOf(model, 'class_name')), { entry: path })
  const nodes: Node[] = []
  place(nodes, model, path, [], limits)
  return nodes
}

/** The sizes of an example that a layer takes, −1 for any; undefined if it does not tell. */
export const inputShape = ({ config, path }: Listed): Shape | undefined => {
  const found = ownOf(config, 'batch_input_shape') ?? ownOf(config, 'batch_shape')
  if (!Array.isArray(found)) return undefined
  const shape: readonly unknown[] = found.slice(1).map((n: unknown) => n ?? -1)
  if (shape.every((n) => Number.isSafeInteger(n) && (n as number) >= -1)) return shape as Shape
  throw wrong('BadShape', 'a shape of the input', brief(found), { entry: `${path}.config` })
}
