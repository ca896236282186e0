// Grey pictures as an SVG file: one file, no dependency, sharp at any size.
import { type Tensor, toArray } from 'pullback'

const shades = 16

/** The pixels of one shade as runs along the rows. */
const runs = (levels: readonly number[], side: number, shade: number): string =>
  levels
    .map((level, i) => {
      const [x, y] = [i % side, Math.floor(i / side)]
      if (level !== shade || (x > 0 && levels[i - 1] === shade)) return ''
      const row = levels.slice(i, (y + 1) * side)
      const end = row.findIndex((other) => other !== shade)
      const length = end < 0 ? row.length : end
      return `M${x} ${y}h${length}v1h-${length}z`
    })
    .join('')

/** A square grey picture from 0, black, to 1, white; what lies outside is taken as the nearer of the two. */
const drawing = (pixels: Tensor, side: number): string => {
  const levels = toArray(pixels).map((grey) => Math.round(Math.min(1, Math.max(0, grey)) * (shades - 1)))
  const paths = Array.from({ length: shades - 1 }, (_, i) => [i + 1, runs(levels, side, i + 1)] as const)
  const grey = (shade: number): string => `#${shade.toString(16).repeat(3)}`
  return paths.map(([shade, path]) => (path === '' ? '' : `<path fill="${grey(shade)}" d="${path}"/>`)).join('')
}

/** Rows of square pictures, each row with its caption before it. */
export const svg = (
  rows: readonly { readonly caption: string; readonly pictures: readonly Tensor[] }[],
  side: number,
): string => {
  const [gap, left] = [2, 1.5 * side]
  const columns = Math.max(...rows.map(({ pictures }) => pictures.length))
  const [width, height] = [left + columns * (side + gap), rows.length * (side + gap) + gap]
  const lines = rows.flatMap(({ caption, pictures }, y) => {
    const top = gap + y * (side + gap)
    return [
      `<text x="${gap}" y="${top + side / 2}">${caption}</text>`,
      ...pictures.map((p, x) => {
        const frame = `<path d="M0 0h${side}v${side}h-${side}z"/>`
        return `<g transform="translate(${left + x * (side + gap)} ${top})">${frame}${drawing(p, side)}</g>`
      }),
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${3 * width}" font-family="sans-serif" font-size="9" dominant-baseline="middle" shape-rendering="crispEdges">`,
    `<path fill="#fff" d="M0 0h${width}v${height}h-${width}z"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}
