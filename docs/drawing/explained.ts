// The graph of a network as boxes, from what `explain` tells.
import type { Graph } from 'pullback'
import { type Box, diagram } from './boxes.ts'

/** Each node behind all nodes that it takes values of, and about as high as they are. */
const places = ({ nodes }: Graph): readonly (readonly [column: number, row: number])[] => {
  const columns: number[] = []
  for (const { id, inputs } of nodes) columns[id] = 1 + Math.max(-1, ...inputs.map((i) => columns[i] as number))
  const rows: number[] = []
  for (const { id, inputs } of nodes) {
    const isBeside = (column: number): boolean => column === columns[id]
    const [above, beside] = [columns.slice(0, id), columns].map((all) => all.filter(isBeside).length) as [
      number,
      number,
    ]
    const before = inputs.reduce((sum, i) => sum + (rows[i] as number), 0) / Math.max(1, inputs.length)
    rows[id] = before + above - (beside - 1) / 2
  }
  const top = Math.min(...rows)
  return columns.map((column, i) => [column, (rows[i] as number) - top])
}

export const explained = (graph: Graph, title: string, description: string): string => {
  const at = places(graph)
  const boxes = graph.nodes.map(({ id, path, kind, shapes, parameters }): readonly [string, Box] => {
    const size = shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')
    const lines = [path === '' ? kind : path, ...(path === '' ? [] : [kind]), size]
    return [`${id}`, { lines, at: at[id] as Box['at'], color: parameters > 0 ? 1 : 0 }]
  })
  return diagram({
    title,
    description,
    width: 104,
    gaps: [34, 16],
    boxes: Object.fromEntries(boxes),
    arrows: graph.nodes.flatMap(({ id, inputs }) => inputs.map((from) => ({ from: `${from}`, to: `${id}` }))),
  })
}
