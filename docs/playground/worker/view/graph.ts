// The network's graph as boxes with lines of text.
import type { Graph, GraphNode } from 'pullback'
import type { GraphBox } from '../../message.ts'

const short = (x: number): string => (x === 0 || x >= 0.001 ? x.toPrecision(2) : x.toExponential(1))

const partsOf = ({ shapes, parameters, gradient }: GraphNode) => ({
  shape: shapes.map((shape) => `[${shape.join(', ')}]`).join(' '),
  parameters: parameters === 0 ? '' : `${parameters.toLocaleString('en')} parameters`,
  gradient: gradient === undefined ? '' : `gradient ${short(gradient)}`,
})

/** `input(…)` at the beginning of a network says what it takes, and does nothing. */
const isEcho = ({ kind, inputs }: GraphNode): boolean => kind === 'input' && inputs.length > 0

export const boxes = ({ nodes }: Graph): readonly GraphBox[] => {
  const sourceOf = (id: number): number => {
    const node = nodes[id]
    return node !== undefined && isEcho(node) ? sourceOf(node.inputs[0] as number) : id
  }
  return nodes
    .filter((node) => !isEcho(node))
    .map((node) => ({
      id: node.id,
      name: node.path === '' ? node.kind : `${node.path} · ${node.kind}`,
      inputs: node.inputs.map(sourceOf),
      ...partsOf(node),
    }))
}
