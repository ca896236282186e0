// The layers of a model as one layer: a chain where each takes the output of the one before, else a graph.
import { compose } from '../../combinator/compose.ts'
import { define } from '../../combinator/define.ts'
import { identity, input } from '../../combinator/identity.ts'
import { named } from '../../combinator/named.ts'
import { type AnyLayer, any } from '../../layer/layer.ts'
import { intsOf } from '../../layer/port.ts'
import type { Loose } from '../../layer/records.ts'
import { ownOf } from '../../tree/name.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Piece } from './piece.ts'
import { inputShape, type Node } from './topology.ts'
import { unsupported, wrong } from './wrong.ts'

/** A layer of a model with what stands for it here. */
export interface Made {
  readonly node: Node
  readonly piece: Piece
}

export const hasVariables = ({ params, state }: Piece): boolean =>
  Object.keys(params).length + Object.keys(state).length > 0

/** The port of an input, of whole numbers where a layer takes tokens; any if the model does not tell. */
const portOf = (node: Node, isOfTokens: boolean): Loose => {
  const shape = inputShape(node)
  return shape === undefined ? any : isOfTokens ? intsOf(shape) : shape
}

const chained = (all: readonly Made[]): AnyLayer => {
  const port = portOf(
    (all[0] as Made).node,
    all.some(({ piece }) => piece.takesTokens),
  )
  const layers = all.flatMap(({ node, piece }) => [
    hasVariables(piece) ? named(node.name, piece.layer) : piece.layer,
    piece.after ?? identity,
  ])
  return (compose as Loose)(...(port === any ? [] : [input(port)]), ...layers)
}

/** The inputs from which tokens come: those that lead to layers of whole numbers. */
const tokenInputs = (all: readonly Made[]): ReadonlySet<number> => {
  const wanted = new Set<number>()
  for (const [i, { node, piece }] of [...all.entries()].reverse())
    if (piece.takesTokens === true || wanted.has(i)) {
      wanted.add(i)
      for (const source of node.sources) wanted.add(source)
    }
  return wanted
}

/** The names under which `define` calls the layers. Only those of layers with variables are seen later. */
const keysOf = (all: readonly Made[]): readonly string[] => {
  const keys = all.map(({ node, piece }, i) => (hasVariables(piece) ? node.name : `${node.className} ${i + 1}`))
  const first = new Map(keys.map((key, i) => [key, i] as const).reverse())
  const twice = keys.find((key, i) => first.get(key) !== i)
  if (twice === undefined) return keys
  throw wrong('DuplicateName', 'each name of a layer once', `'${twice}' twice`, { entry: 'modelTopology' })
}

const graph = (all: readonly Made[]): AnyLayer => {
  const [tokens, keys] = [tokenInputs(all), keysOf(all)]
  const inputs = all.flatMap(({ node }, i) => (node.sources.length === 0 ? [{ i, node }] : []))
  const ports = inputs.map(({ i, node }) => [node.name, portOf(node, tokens.has(i))] as const)
  const isOne = ports.length === 1
  const shapeless = isOne ? undefined : ports.find(([, port]) => port === any)
  if (shapeless !== undefined) throw unsupported('inputs that tell their shapes', `'${shapeless[0]}' without one`)
  const called = all.flatMap(({ piece }, i) => {
    const layer = compose(piece.layer, piece.after ?? identity) as AnyLayer
    return layer === identity ? [] : [[keys[i] as string, layer] as const]
  })
  const run = (x: Loose, layers: Loose): Loose => {
    const values: Tensor[] = []
    for (const [i, { node, piece }] of all.entries()) {
      const given = node.sources.map((source) => values[source] as Tensor)
      const [first = isOne ? x : x[node.name]] = piece.join === undefined ? given : [piece.join(given)]
      const call = ownOf(layers, keys[i] as string) as ((x: Tensor) => Tensor) | undefined
      values.push(call === undefined ? first : call(first))
    }
    return values.at(-1)
  }
  return (define as Loose)(isOne ? ports[0]?.[1] : Object.fromEntries(ports), Object.fromEntries(called), run)
}

/** The layers of a model as one. */
export const networkOf = (all: readonly Made[]): AnyLayer =>
  all.every(({ node }, i) => (i === 0 ? node.sources.length === 0 : node.sources.join() === `${i - 1}`))
    ? chained(all)
    : graph(all)
