import { showShape } from '../tensor/shape.ts'
import { thousands } from '../text/table.ts'
import type { Graph, GraphNode } from './graph.ts'

/** The text of a node in a picture, line by line. */
const lines = ({ path, kind, shapes, parameters }: GraphNode): readonly string[] => [
  ...(path === '' ? [] : [path]),
  kind,
  shapes.map(showShape).join(', '),
  ...(parameters === 0 ? [] : [`${thousands(parameters)} parameters`]),
]

const edges = ({ nodes }: Graph, arrow: string): readonly string[] =>
  nodes.flatMap(({ id, inputs }) => inputs.map((from) => `  n${from} ${arrow} n${id}`))

/**
 * A graph in the language of Graphviz; `dot -Tsvg` draws it.
 *
 * @example
 * import { explain, init, key, linear, ones, toDot } from 'pullback'
 * const layer = linear(3, 2)
 * toDot(explain(layer, init(layer, key(0)), ones([5, 3]))).split('\n').at(-2) // => '  n0 -> n1'
 */
export const toDot = (graph: Graph): string => {
  const escaped = (line: string): string => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  const text = (node: GraphNode): string => lines(node).map(escaped).join('\\n')
  return [
    'digraph {',
    '  node [shape=box, fontname="sans-serif"]',
    ...graph.nodes.map((node) => `  n${node.id} [label="${text(node)}"]`),
    ...edges(graph, '->'),
    '}',
  ].join('\n')
}

/**
 * A graph as a Mermaid flowchart, which many sites draw in Markdown.
 *
 * @example
 * import { explain, init, key, linear, ones, toMermaid } from 'pullback'
 * const layer = linear(3, 2)
 * toMermaid(explain(layer, init(layer, key(0)), ones([5, 3]))).split('\n').at(-1) // => '  n0 --> n1'
 */
export const toMermaid = (graph: Graph): string => {
  const text = (node: GraphNode): string => lines(node).join('<br>').replaceAll('"', '#quot;')
  return ['flowchart TD', ...graph.nodes.map((node) => `  n${node.id}["${text(node)}"]`), ...edges(graph, '-->')].join(
    '\n',
  )
}
