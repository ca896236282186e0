// The lecture's computation graph, as `explain` tells it: v is used by three children.
import { compose, explain, fanout, identity, init, join, key, linear, named, random, sigmoid, tanh } from 'pullback'
import { type Box, diagram } from './boxes.ts'

const gated = compose(fanout({ value: tanh, gate: sigmoid }), join.product)
const middle = compose(fanout({ gated, direct: identity }), join.sum)
const net = compose(named('in', linear(100, 50)), middle, named('out', linear(50, 1)))

export const graph = (): string => {
  const x = random.normal(key(1), [8, 100])
  const { nodes } = explain(net, init(net, key(0)), x)
  const depths: number[] = []
  for (const { id, inputs } of nodes) depths[id] = 1 + Math.max(-1, ...inputs.map((i) => depths[i] as number))
  const rows: number[] = []
  for (const { id, inputs } of nodes) {
    const isBeside = (depth: number): boolean => depth === depths[id]
    const [above, beside] = [depths.slice(0, id), depths].map((all) => all.filter(isBeside).length) as [number, number]
    const before = inputs.reduce((sum, i) => sum + (rows[i] as number), 0) / Math.max(1, inputs.length)
    rows[id] = before + above - (beside - 1) / 2
  }
  const top = Math.min(...rows)
  const boxes = nodes.map(({ id, path, kind, shapes, parameters }): readonly [string, Box] => {
    const at = [depths[id] as number, (rows[id] as number) - top] as const
    const size = shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')
    const lines = [path === '' ? kind : path, ...(path === '' ? [] : [kind]), size]
    return [`${id}`, { lines, at, color: parameters > 0 ? 1 : 0 }]
  })
  return diagram({
    title: 'A computation graph',
    description: `A network as a graph of ${nodes.length} nodes, with the shape of what each gives for a minibatch of 8.`,
    width: 104,
    gaps: [34, 16],
    boxes: Object.fromEntries(boxes),
    arrows: nodes.flatMap(({ id, inputs }) => inputs.map((from) => ({ from: `${from}`, to: `${id}` }))),
  })
}
