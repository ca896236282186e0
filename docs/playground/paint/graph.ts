// Where the boxes of a graph stand: a row for each distance from the inputs, boxes of a row side by side.
import type { GraphBox } from '../message.ts'

export interface Placed extends GraphBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Edge {
  readonly from: number
  readonly to: number
  readonly path: string
}
export interface Drawing {
  readonly boxes: readonly Placed[]
  readonly edges: readonly Edge[]
  readonly width: number
  readonly height: number
}

const [boxHeight, gapX, gapY] = [26, 14, 10] as const
/** A box that has its row to itself has room for all it says. */
const [wide, narrow] = [480, 233] as const

/** The length of the longest way from an input to each box, whose inputs all stand before it. */
const depths = (boxes: readonly GraphBox[]): ReadonlyMap<number, number> =>
  boxes.reduce(
    (found, { id, inputs }) => found.set(id, Math.max(-1, ...inputs.map((from) => found.get(from) ?? -1)) + 1),
    new Map<number, number>(),
  )

/** A straight line to the next row, and a bow past the boxes between to a later one. */
const pathOf = (from: Placed, to: Placed, isNext: boolean): string => {
  const [x, y] = [from.x + from.width / 2, from.y + from.height]
  const end = to.x + to.width / 2
  if (isNext) return `M${x} ${y}C${x} ${y + gapY} ${end} ${to.y - gapY} ${end} ${to.y}`
  const [side, start, stop] = [
    Math.max(from.x + from.width, to.x + to.width),
    y - from.height / 2,
    to.y + to.height / 2,
  ]
  return `M${from.x + from.width} ${start}C${side + 26} ${start} ${side + 26} ${stop} ${to.x + to.width} ${stop}`
}

export const drawingOf = (boxes: readonly GraphBox[]): Drawing => {
  const depth = depths(boxes)
  const count = Math.max(0, ...depth.values()) + 1
  const rows = Array.from({ length: count }, (_, level) => boxes.filter(({ id }) => depth.get(id) === level))
  const widest = Math.max(1, ...rows.map((row) => row.length))
  const boxWidth = widest === 1 ? wide : narrow
  const width = widest * (boxWidth + gapX) - gapX
  const placed = rows.flatMap((row, level) => {
    const start = (width - (row.length * (boxWidth + gapX) - gapX)) / 2
    return row.map((box, i) => ({
      ...box,
      x: start + i * (boxWidth + gapX),
      y: level * (boxHeight + gapY),
      width: boxWidth,
      height: boxHeight,
    }))
  })
  const byId = new Map(placed.map((box) => [box.id, box]))
  const edges = placed.flatMap((to) =>
    to.inputs.flatMap((id) => {
      const from = byId.get(id)
      if (from === undefined) return []
      const isNext = (depth.get(to.id) ?? 0) - (depth.get(id) ?? 0) === 1
      return [{ from: id, to: to.id, path: pathOf(from, to, isNext) }]
    }),
  )
  const bows = edges.some(({ from, to }) => (depth.get(to) ?? 0) - (depth.get(from) ?? 0) > 1)
  return { boxes: placed, edges, width: width + (bows ? 28 : 0), height: rows.length * (boxHeight + gapY) - gapY }
}
