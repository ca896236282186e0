import { brief, isObject } from '../../codec/safetensors/header.ts'
import { ownOf } from '../../tree/name.ts'
import { unsupported, wrong } from './wrong.ts'

/** A layer as a topology lists it. */
export interface Listed {
  readonly className: string
  readonly name: string
  readonly config: unknown
}

const textAt = (found: unknown, name: string): string | undefined => {
  const text = ownOf(found, name)
  return typeof text === 'string' ? text : undefined
}

const listed = (found: unknown): Listed => {
  const [className, config] = [textAt(found, 'class_name'), ownOf(found, 'config')]
  const name = textAt(config, 'name') ?? textAt(found, 'name')
  if (className === undefined || !isObject(config) || name === undefined)
    throw wrong('BadEntry', 'a layer { class_name, config } with a name', brief(found), { entry: 'modelTopology' })
  return { className, name, config }
}

/** The names of the layers that a layer takes its input from: Keras 2 lists them, Keras 3 hides them in its arguments. */
const sourcesOf = (found: unknown): readonly string[] => {
  const nodes = ownOf(found, 'inbound_nodes')
  if (nodes === undefined) return []
  const bad = () => wrong('BadEntry', 'inbound_nodes, a list', brief(nodes), { entry: 'modelTopology' })
  if (!Array.isArray(nodes)) throw bad()
  if (nodes.length > 1)
    throw unsupported('a layer that is used once', `${nodes.length} uses of '${textAt(found, 'name')}'`)
  const args: unknown = ownOf(nodes[0], 'args')
  const calls: unknown = Array.isArray(args) ? args.flat() : (nodes[0] ?? [])
  if (!Array.isArray(calls)) throw bad()
  return calls.map((call) => {
    const history: unknown = Array.isArray(call) ? call : ownOf(ownOf(call, 'config'), 'keras_history')
    const name: unknown = Array.isArray(history) ? history[0] : undefined
    if (typeof name !== 'string') throw bad()
    return name
  })
}

/** The one layer that `input_layers` or `output_layers` name. */
const endOf = (config: unknown, field: string): string => {
  const found = ownOf(config, field)
  const list: unknown = Array.isArray(found) && typeof found[0] === 'string' ? [found] : found
  const [end, ...others]: readonly unknown[] = Array.isArray(list) ? list : []
  const name: unknown = Array.isArray(end) ? end[0] : undefined
  if (typeof name !== 'string') throw wrong('BadEntry', `${field}, a list`, brief(found), { entry: 'modelTopology' })
  if (others.length > 0) throw unsupported('a model with one input and one output', `${others.length + 1} ${field}`)
  return name
}

/** The layers of a functional model from its input to its output, if each takes one other. */
const along = (config: unknown, layers: readonly unknown[]): readonly unknown[] => {
  const byName = new Map(layers.map((found) => [listed(found).name, found]))
  if (byName.size < layers.length)
    throw wrong('DuplicateName', 'each name of a layer once', 'some twice', { entry: 'modelTopology' })
  const [first, last] = [endOf(config, 'input_layers'), endOf(config, 'output_layers')]
  const found: unknown[] = []
  for (let name = last; found.length < layers.length; ) {
    const layer = byName.get(name)
    if (layer === undefined) throw wrong('MissingName', `a layer '${name}'`, 'none', { entry: 'modelTopology' })
    found.push(layer)
    if (name === first) break
    const sources = sourcesOf(layer)
    if (sources.length !== 1) throw unsupported('a chain of layers', `'${name}', which takes ${sources.length} layers`)
    name = sources[0] as string
  }
  const isWhole = found.length === layers.length && listed(found.at(-1)).name === first
  if (!isWhole) throw unsupported('a chain of layers', `${layers.length - found.length} layers beside it`)
  return found.reverse()
}

const models = ['Sequential', 'Model', 'Functional']

/** The layers of a model one behind the other, those of models within it in their place. */
const layersOf = (found: unknown): readonly Listed[] => {
  const [className, config] = [textAt(found, 'class_name') ?? '', ownOf(found, 'config')]
  if (!models.includes(className)) return [listed(found)]
  const layers: unknown = className === 'Sequential' && Array.isArray(config) ? config : ownOf(config, 'layers')
  if (!Array.isArray(layers)) throw wrong('BadEntry', 'layers, a list', brief(layers), { entry: 'modelTopology' })
  return (className === 'Sequential' ? layers : along(config, layers)).flatMap(layersOf)
}

/** The chain of layers of a topology, in which the converter of Keras models wraps the model once more. */
export const chainIn = (topology: unknown): readonly Listed[] => {
  const model = ownOf(topology, 'model_config') ?? topology
  if (!models.includes(textAt(model, 'class_name') ?? ''))
    throw unsupported(`a model of the class ${models.join(', ')}`, brief(ownOf(model, 'class_name')))
  const found = layersOf(model)
  if (found.length === 0) throw wrong('BadEntry', 'a model with layers', 'none', { entry: 'modelTopology' })
  return found
}

/** The sizes of an example that the first layer of a chain takes, −1 for any; undefined if it does not tell. */
export const inputShape = (chain: readonly Listed[]): readonly number[] | undefined => {
  const config = chain[0]?.config
  const found = ownOf(config, 'batch_input_shape') ?? ownOf(config, 'batch_shape')
  if (!Array.isArray(found)) return undefined
  const shape: readonly unknown[] = found.slice(1).map((n: unknown) => n ?? -1)
  if (shape.every((n) => Number.isSafeInteger(n) && (n as number) >= -1)) return shape as readonly number[]
  throw wrong('BadShape', 'a shape of the input', brief(found), { entry: chain[0]?.name })
}
