// Which layers of a functional model take the outputs of which others.
import { brief, isObject } from '../../codec/safetensors/header.ts'
import { ownOf } from '../../tree/name.ts'
import { unsupported, wrong } from './wrong.ts'

/** A layer as a topology lists it, by its name. */
interface Linked {
  readonly name: string
  readonly found: unknown
  /** Its place in the JSON. */
  readonly path: string
}

/** True for an option that may be the output of a layer. */
const isTensor = (option: unknown): boolean => isObject(option) || Array.isArray(option)

/** The names of the layers whose only outputs a layer takes. Keras 2 lists them, Keras 3 hides them in its arguments. */
const sourcesOf = ({ name, found, path }: Linked): readonly string[] => {
  const nodes = ownOf(found, 'inbound_nodes') ?? []
  const entry = `${path}.inbound_nodes`
  const bad = () => wrong('BadEntry', 'a list of calls, each of a list of layers', brief(nodes), { entry })
  if (!Array.isArray(nodes)) throw bad()
  if (nodes.length > 1) throw unsupported('a layer that is used once', `${nodes.length} uses of '${name}'`, { entry })
  const args: unknown = ownOf(nodes[0], 'args')
  const calls: unknown = Array.isArray(args) ? args.flat() : (nodes[0] ?? [])
  if (!Array.isArray(calls)) throw bad()
  return calls.map((call) => {
    const history: unknown = Array.isArray(call) ? call : ownOf(ownOf(call, 'config'), 'keras_history')
    const [source, , output = 0, options]: readonly unknown[] = Array.isArray(history) ? history : []
    if (typeof source !== 'string') throw bad()
    if (output !== 0) throw unsupported('layers of one output', `output ${brief(output)} of '${source}'`, { entry })
    const [option] = isObject(options) ? Object.entries(options).filter(([, value]) => isTensor(value)) : []
    if (option !== undefined)
      throw unsupported('inputs of a layer in one list', `another one, '${option[0]}' of '${name}'`, { entry })
    return source
  })
}

/** The layers that `input_layers` or `output_layers` name. */
export const endsOf = (config: unknown, field: string, path: string): readonly string[] => {
  const found = ownOf(config, field)
  const list: unknown = Array.isArray(found) && typeof found[0] === 'string' ? [found] : found
  const names = Array.isArray(list) ? list.map((end: unknown) => (Array.isArray(end) ? (end[0] as unknown) : end)) : []
  if (names.length === 0 || !names.every((name) => typeof name === 'string'))
    throw wrong('BadEntry', 'a list of layers, at least one', brief(found), { entry: `${path}.config.${field}` })
  return names
}

/** The layers that an output needs, each behind those whose outputs it takes, and the names of these. */
export const inOrder = (
  layers: readonly Linked[],
  output: string,
  path: string,
): readonly (readonly [layer: Linked, sources: readonly string[]])[] => {
  const entry = `${path}.config.layers`
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  if (byName.size < layers.length) throw wrong('DuplicateName', 'each name of a layer once', 'some twice', { entry })
  const done = new Map<string, readonly [Linked, readonly string[]]>()
  const sources = new Map<string, readonly string[]>()
  for (const open = [output]; open.length > 0; ) {
    const name = open.at(-1) as string
    const layer = byName.get(name)
    if (layer === undefined) throw wrong('MissingName', `a layer '${name}'`, 'none', { entry })
    const before = sources.get(name) ?? sourcesOf(layer)
    const isBack = sources.has(name)
    sources.set(name, before)
    const next = isBack || done.has(name) ? [] : before.filter((source) => !done.has(source))
    if (next.some((source) => sources.has(source)))
      throw unsupported('layers without a circle', `one that '${name}' is in`, { entry })
    for (const source of next.toReversed()) open.push(source)
    if (next.length === 0) {
      open.pop()
      done.set(name, done.get(name) ?? [layer, before])
    }
  }
  if (done.size < layers.length)
    throw unsupported('layers that the output needs', `${layers.length - done.size} beside them`, { entry })
  return [...done.values()]
}
