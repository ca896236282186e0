// A panel with its axes, lines, columns and background.
import { line } from 'd3-shape'
import { behind, ink, lines, quiet, rule } from './color.ts'
import type { Bar, Panel, Point } from './figure.ts'
import { type Scale, scaleOf } from './scale.ts'
import { fill, place, shortened, stroke, words } from './svg.ts'
import { thinned } from './thin.ts'

/** The size in pixels of a panel and of the margins around its plot. */
export const size = { width: 460, height: 320, right: 16, top: 34, bottom: 48 }
const high = size.height - size.top - size.bottom
const dashes = ['', ' stroke-dasharray="6 3"', ' stroke-dasharray="2 3"']

/** The stroke of the line with a given index. */
export const pen = (i: number): string => {
  const paint = lines[i % lines.length] as (typeof lines)[number]
  return `${stroke(paint)}${dashes[Math.floor(i / lines.length) % dashes.length]}`
}

/** Iterates over the numbers of an axis that can be drawn on it, without copying them. */
export function* numbersOf(
  { series = [], bars = [], ground = [] }: Panel,
  axis: 0 | 1,
  isIn: (p: Point) => boolean,
): Iterable<number> {
  for (const points of [...series.map((s) => s.points), ...(series.length === 0 ? ground : [])])
    for (const point of points) if (isIn(point)) yield point[axis]
  for (const { from, to, height } of bars) yield* axis === 0 ? [from, to] : [0, height]
}

/** True if a point can be drawn: both its numbers have a position on their axes. */
export const isSeen =
  ({ x, y }: Panel) =>
  ([a, b]: Point): boolean =>
    [[a, x] as const, [b, y] as const].every(
      ([v, { log, from }]) => Number.isFinite(v) && (log !== true || v > 0 || from !== undefined),
    )

const axes = (panel: Panel, x: Scale, y: Scale, left: number, wide: number): readonly string[] => [
  words(left + wide / 2, 20, shortened(panel.title, 52), 'middle', ink, ' font-weight="600"'),
  words(left + wide / 2, size.height - 8, shortened(panel.x.label, 52), 'middle', quiet),
  words(
    0,
    0,
    shortened(panel.y.label, 38),
    'middle',
    quiet,
    ` transform="translate(14 ${size.top + high / 2}) rotate(-90)"`,
  ),
  ...x.ticks.map(({ at, text }) => {
    const mark = `<path ${stroke(rule)} d="M${place(at)} ${size.top}v${high}"/>`
    return mark + words(at, size.top + high + 17, text, 'middle', quiet)
  }),
  ...y.ticks.map(({ at, text }) => {
    const mark = `<path ${stroke(rule)} d="M${left} ${place(at)}h${wide}"/>`
    return mark + words(left - 7, at + 4, text, 'end', quiet)
  }),
  `<path ${stroke(quiet)} d="M${left} ${size.top}v${high}h${wide}"/>`,
]

/**
 * A path through the points that can be drawn, with gaps at the others, and a path of dots for points alone between
 * gaps.
 */
const pathsOf = (points: readonly Point[], x: Scale, y: Scale): readonly [path: string, dots: string] => {
  const placed = thinned(points.map(([a, b]): Point => [x.place(a), y.place(b)]))
  const isPlaced = (p: Point | undefined): boolean => p?.every(Number.isFinite) ?? false
  const isAlone = (i: number): boolean => !isPlaced(placed[i - 1]) && !isPlaced(placed[i + 1])
  const dots = placed.filter((p, i) => isPlaced(p) && isAlone(i)).map(([a, b]) => `M${place(a)} ${place(b)}h0`)
  const together = line<Point>()
    .defined((p, i) => isPlaced(p) && !isAlone(i))
    .digits(1)
  return [together(placed) ?? '', dots.join('')]
}

/** Draws lines with one pen, as a path and a path of dots; empty paths are left out. */
const drawn = (lines: readonly (readonly Point[])[], x: Scale, y: Scale, by: string, width: number): string => {
  const paths = lines.map((points) => pathsOf(points, x, y))
  const [path, dots] = [0, 1].map((i) => paths.map((both) => both[i]).join(''))
  const round = ` stroke-linejoin="round" stroke-linecap="round" ${by}`
  return [
    path === '' ? '' : `<path stroke-width="${width}"${round} d="${path}"/>`,
    dots === '' ? '' : `<path stroke-width="7"${round} d="${dots}"/>`,
  ].join('')
}

/** Draws a panel as a part of a picture; the list of all names determines the colors of its lines. */
export const drawing = (panel: Panel, names: readonly string[]): string => {
  const { series = [], bars = [], ground = [] } = panel
  const seen = isSeen(panel)
  const y = scaleOf(panel.y, numbersOf(panel, 1, seen), [size.top + high, size.top], 48)
  const left = Math.max(48, 32 + 7 * Math.max(0, ...y.ticks.map(({ text }) => text.length)))
  const wide = size.width - size.right - left
  const x = scaleOf(panel.x, numbersOf(panel, 0, seen), [left, left + wide], 72)
  const isEmpty = bars.length === 0 && ground.length === 0 && !series.some(({ points }) => points.some(seen))
  const column = ({ from, to, height }: Bar): string => {
    const [a, b, top] = [x.place(from), x.place(to), y.place(height)]
    return height > 0
      ? `M${place(a + 0.5)} ${size.top + high}V${place(top)}H${place(Math.max(a + 1, b - 0.5))}V${size.top + high}z`
      : ''
  }
  return [
    ...axes(panel, x, y, left, wide),
    drawn(ground, x, y, stroke(behind), 1),
    ...(bars.length === 0
      ? []
      : [`<path ${fill(lines[0] as (typeof lines)[number])} d="${bars.map(column).join('')}"/>`]),
    ...series.map(({ name, points }) => drawn([points], x, y, pen(names.indexOf(name)), 1.8)),
    ...(isEmpty ? [words(left + wide / 2, size.top + high / 2, 'nothing to draw', 'middle', quiet)] : []),
  ]
    .filter((part) => part !== '')
    .join('\n')
}
