// Boxes of text with arrows between them.
import { ground, ink, lines, type Paint, quiet } from '../../lib/chart/color.ts'
import { fill, place, stroke, svgFile, words } from '../../lib/chart/svg.ts'

/** A box with its lines of text; its place is a column and a row. */
export interface Box {
  readonly lines: readonly string[]
  readonly at: readonly [column: number, row: number]
  /** Which color its frame has, among those of the lines of charts. */
  readonly color?: number
}

/** An arrow from one box to another, by their names. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly isDashed?: boolean
}

export interface Diagram {
  readonly title: string
  readonly description: string
  readonly boxes: Readonly<Record<string, Box>>
  readonly arrows: readonly Arrow[]
  /** The width of all boxes, and of the gaps between columns and rows. */
  readonly width: number
  readonly gaps: readonly [number, number]
}

type Pair = readonly [x: number, y: number]

const paintOf = ({ color = 0 }: Box): Paint => lines[color] as Paint

/** Where the line from the middle of a box to another point leaves the box. */
const leaving = ([x, y]: Pair, [toX, toY]: Pair, width: number, height: number): Pair => {
  const [dx, dy] = [toX - x, toY - y]
  const share = Math.min(width / 2 / Math.abs(dx), height / 2 / Math.abs(dy))
  return [x + dx * share, y + dy * share]
}

/** A line with a head at its end. */
const arrow = ([x, y]: Pair, [toX, toY]: Pair, isDashed: boolean): string => {
  const far = Math.hypot(toX - x, toY - y)
  const [ux, uy] = [(toX - x) / far, (toY - y) / far]
  const [backX, backY] = [toX - 9 * ux, toY - 9 * uy]
  const head = [
    [toX, toY],
    [backX - 4 * uy, backY + 4 * ux],
    [backX + 4 * uy, backY - 4 * ux],
  ] as const
  const corners = head.map(([a, b]) => `${place(a)} ${place(b)}`).join('L')
  const dash = isDashed ? ' stroke-dasharray="5 4"' : ''
  const line = `<path ${stroke(quiet)}${dash} d="M${place(x)} ${place(y)}L${place(backX)} ${place(backY)}"/>`
  return `${line}<path ${fill(quiet)} d="M${corners}z"/>`
}

export const diagram = ({ title, description, boxes, arrows, width, gaps }: Diagram): string => {
  const all = Object.values(boxes)
  const height = 16 + 17 * Math.max(...all.map((box) => box.lines.length))
  const middle = ({ at: [column, row] }: Box): Pair => [
    12 + width / 2 + column * (width + gaps[0]),
    12 + height / 2 + row * (height + gaps[1]),
  ]
  const drawn = arrows.map(({ from, to, isDashed = false }) => {
    const [a, b] = [from, to].map((name) => middle(boxes[name] as Box)) as [Pair, Pair]
    return arrow(leaving(a, b, width, height), leaving(b, a, width, height), isDashed)
  })
  const framed = all.map((box) => {
    const [x, y] = middle(box)
    const frame = `<rect x="${place(x - width / 2)}" y="${place(y - height / 2)}" width="${width}" height="${height}" rx="6"`
    const top = y - (17 * (box.lines.length - 1)) / 2 + 4
    const text = box.lines.map((line, i) => words(x, top + 17 * i, line, 'middle', i === 0 ? ink : quiet))
    return `${frame} ${fill(ground)}/>${frame} ${stroke(paintOf(box))}/>${text.join('')}`
  })
  const [across, down] = [0, 1].map((axis) => Math.max(...all.map(({ at }) => at[axis] as number))) as [number, number]
  return svgFile({
    title,
    description,
    width: 24 + width + across * (width + gaps[0]),
    height: 24 + height + down * (height + gaps[1]),
    body: [...drawn, ...framed].join('\n'),
  })
}
