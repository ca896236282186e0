// Charts as an SVG file: panels with axes, side by side, and one legend for all of them.
import { type Axis, type Scale, scaleOf } from './axis.ts'
import { contours, type Point, type Surface } from './contours.ts'

/** Points with a line through them. One name has one colour in all panels. */
export interface Series {
  readonly name: string
  readonly points: readonly Point[]
}

/** The points of numbers in a row: 0, 1, 2, … along, unless they begin elsewhere. */
export const numbered = (values: readonly number[], first = 0): readonly Point[] => values.map((v, i) => [i + first, v])

export interface Panel {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  /** What is drawn behind the lines: where a function has some values, and its minimum. */
  readonly ground?: Surface & { readonly levels: readonly number[]; readonly minimum: Point }
}

/** Colours that most of the colour-blind tell apart: Okabe and Ito 2008, with grey for their yellow. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#888888']
const size = { width: 460, height: 340, left: 58, right: 14, top: 34, bottom: 48 }
const [wide, high] = [size.width - size.left - size.right, size.height - size.top - size.bottom]

const stroke = (i: number): string =>
  `fill="none" stroke="${colours[i % colours.length]}" stroke-width="1.8" stroke-linejoin="round"${i < colours.length ? '' : ' stroke-dasharray="5 3"'}`
const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${words}</text>`

/** Numbers of a panel's own axes to places in its picture. */
const placing = (x: Scale, y: Scale) => {
  const to = ([a, b]: Point): string => `${(x.place(a) * wide).toFixed(1)} ${((1 - y.place(b)) * high).toFixed(1)}`
  return (points: readonly Point[]): string => `M${points.map(to).join('L')}`
}

const axes = (panel: Panel, x: Scale, y: Scale): readonly string[] => [
  text(wide / 2, -14, panel.title, 'text-anchor="middle" font-weight="bold"'),
  text(wide / 2, high + 38, panel.x.label, 'text-anchor="middle"'),
  text(-high / 2, -44, panel.y.label, 'text-anchor="middle" transform="rotate(-90)"'),
  ...x.ticks.map(({ place, text: words }) => {
    const at = Number((place * wide).toFixed(1))
    return `<path stroke="#e4e4e4" d="M${at} 0v${high}"/>${text(at, high + 17, words, 'text-anchor="middle"')}`
  }),
  ...y.ticks.map(({ place, text: words }) => {
    const at = Number(((1 - place) * high).toFixed(1))
    return `<path stroke="#e4e4e4" d="M0 ${at}h${wide}"/>${text(-7, at + 4, words, 'text-anchor="end"')}`
  }),
  `<path fill="none" stroke="#555" d="M0 0h${wide}v${high}h-${wide}z"/>`,
]

const groundOf = (
  ground: NonNullable<Panel['ground']>,
  path: (points: readonly Point[]) => string,
): readonly string[] => [
  ...contours(ground, ground.levels).map((l) => `<path fill="none" stroke="#b8b8b8" d="${l.map(path).join('')}"/>`),
  `<path stroke="#000" stroke-width="9" stroke-linecap="round" d="${path([ground.minimum])}h0"/>`,
]

const drawing = (panel: Panel, names: readonly string[]): string => {
  const [along, up] = [0, 1].map((i) => panel.series.flatMap(({ points }) => points.map((p) => p[i] as number)))
  const [x, y] = [scaleOf(panel.x, along as readonly number[]), scaleOf(panel.y, up as readonly number[])]
  const path = placing(x, y)
  return [
    ...axes(panel, x, y),
    ...(panel.ground === undefined ? [] : groundOf(panel.ground, path)),
    ...panel.series.flatMap(({ name, points }) => {
      const finite = points.filter((p) => p.every(Number.isFinite))
      return finite.length === 0 ? [] : [`<path ${stroke(names.indexOf(name))} d="${path(finite)}"/>`]
    }),
  ].join('\n')
}

/** The file with some panels, so many side by side. */
export const chart = (panels: readonly Panel[], columns = 2): string => {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))]
  const width = columns * size.width
  const entry = 54 + 7 * Math.max(...names.map((name) => name.length))
  const across = Math.max(1, Math.floor((width - size.left) / entry))
  const top = Math.ceil(panels.length / columns) * size.height
  const height = top + 20 * Math.ceil(names.length / across) + 12
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<path fill="#fff" d="M0 0h${width}v${height}h-${width}z"/>`,
    ...panels.map((panel, i) => {
      const [x, y] = [(i % columns) * size.width + size.left, Math.floor(i / columns) * size.height + size.top]
      return `<g transform="translate(${x} ${y})">\n${drawing(panel, names)}\n</g>`
    }),
    ...names.map((name, i) => {
      const [x, y] = [size.left + (i % across) * entry, top + 12 + 20 * Math.floor(i / across)]
      return `<path ${stroke(i)} d="M${x} ${y - 4}h26"/>${text(x + 33, y, name)}`
    }),
    '</svg>',
    '',
  ].join('\n')
}
