import { checkOptions } from '../error/options.ts'
import { thousands } from '../text/table.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { checkTexts, countsOf, labelsOf } from './check.ts'
import { ink, quiet, shades } from './color.ts'
import { numberText } from './scale.ts'
import { escaped, fill, type Picture, place, shortened, svgFile, words } from './svg.ts'

export interface ConfusionOptions {
  /** The names of the classes in order; by default their numbers. */
  readonly labels?: readonly string[] | undefined
  readonly title?: string | undefined
}

/** The number of times each class (row) was taken for each class (column), as `metric.confusionMatrix` returns it. */
export type Confusion = AnyTensor | readonly (readonly number[])[]

const total = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0)
const percent = (share: number): string => `${numberText(100 * share, 3)} %`

/** The index of the shade for a share. A share above 0 never gets the shade of 0. */
const shadeOf = (share: number): number => (share > 0 ? Math.max(1, Math.round(share * (shades.length - 1))) : 0)

interface Grid {
  readonly counts: readonly (readonly number[])[]
  /** The share of each count in its row. */
  readonly shares: readonly (readonly number[])[]
  readonly labels: readonly string[]
  /** The side of a cell in pixels. */
  readonly side: number
}

const square = (side: number): string => `h${place(side)}v${place(side)}h-${place(side)}z`

/**
 * Draws all cells of one shade as one path, for matrices too large for a number in each cell; zeros show the
 * background.
 */
const merged = ({ shares, side }: Grid): readonly string[] => {
  const paths = shades.map(() => [] as string[])
  for (const [i, row] of shares.entries())
    for (const [j, share] of row.entries())
      if (share > 0) paths[shadeOf(share)]?.push(`M${place(j * side)} ${place(i * side)}${square(side)}`)
  paths[0]?.push(`M0 0${square(shares.length * side)}`)
  return shades.flatMap(({ cell }, shade) => {
    const path = (paths[shade] ?? []).join('')
    return path === '' ? [] : [`<path ${fill(cell)} shape-rendering="crispEdges" d="${path}"/>`]
  })
}

/** A cell, its number if that fits, and its description in words. */
const cellOf = ({ counts, shares, labels, side }: Grid, i: number, j: number): string => {
  const [n, share] = [counts[i]?.[j] as number, shares[i]?.[j] as number]
  const { cell, text } = shades[shadeOf(share)] as (typeof shades)[number]
  const said = `${labels[i]} taken for ${labels[j]}: ${n}, ${percent(share)} of its row`
  const written = [Number.isInteger(n) ? thousands(n) : numberText(n), numberText(n, 2)]
  const number = n === 0 ? undefined : written.find(({ length }) => length * 7.6 < side)
  return [
    `<g transform="translate(${place(j * side)} ${place(i * side)})"><title>${escaped(said)}</title>`,
    `<path ${fill(cell)} d="M0 0${square(side - 2)}"/>`,
    number === undefined ? '' : words(side / 2 - 1, side / 2 + 3, number, 'middle', text),
    '</g>',
  ].join('')
}

/**
 * The names of the classes beside the rows and under the columns, the latter tilted if they are longer than a cell.
 * Small cells leave room for only some of the names.
 */
const namesAt = ({ labels, side }: Grid, left: number, top: number, isTilted: boolean): readonly string[] => {
  const bottom = top + labels.length * side
  const every = Math.ceil(13 / side)
  return labels.flatMap((label, i) => {
    if (i % every !== 0) return []
    const [name, middle] = [shortened(label, 20), (i + 0.5) * side]
    const turn = ` transform="translate(${place(left + middle + 4)} ${place(bottom + 12)}) rotate(-45)"`
    const below = isTilted ? words(0, 0, name, 'end', ink, turn) : words(left + middle, bottom + 18, name, 'middle')
    return [words(left - 8, top + middle + 4, name, 'end'), below]
  })
}

/** A confusion matrix as a picture. */
export const confusionOf = (op: string, matrix: Confusion, options: ConfusionOptions = {}): Picture => {
  const counts = countsOf(op, matrix)
  const classes = counts.length
  const labels = labelsOf(op, options.labels, classes)
  const title = options.title ?? 'Confusion matrix'
  const totals = counts.map(total)
  const [all, right] = [total(totals), total(counts.map((row, i) => row[i] as number))]
  const told = all === 0 ? 'no examples' : `${right} of ${all} right, ${percent(right / all)}`
  const longest = 7.4 * Math.max(1, ...labels.map((label) => [...shortened(label, 20)].length))
  const side = Math.max(5, Math.min(520 / Math.max(1, classes), Math.max(52, Math.min(96, longest + 10))))
  const shares = counts.map((row, i) => row.map((n) => (n === 0 ? 0 : n / (totals[i] as number))))
  const grid: Grid = { counts, shares, labels, side }
  const isTilted = longest > side - 4
  const heading = shortened(title, 60)
  const [left, top, length] = [40 + longest, 34, classes * side]
  const width = Math.max(left + length + 24, 40 + 8 * heading.length)
  const height = top + length + (isTilted ? 24 + longest * 0.72 : 26) + 24
  const cells = classes > 30 ? merged(grid) : counts.flatMap((row, i) => row.map((_, j) => cellOf(grid, i, j)))
  const sides = [
    words(0, 0, 'class', 'middle', quiet, ` transform="translate(16 ${place(top + length / 2)}) rotate(-90)"`),
    words(left + length / 2, height - 8, 'taken for', 'middle', quiet),
  ]
  const none = [words(width / 2, top + 20, 'no classes', 'middle', quiet)]
  return {
    title,
    description: `${classes} classes, ${told}. Each row is a class, each column the class that it was taken for.`,
    width,
    height,
    body: [
      words(width / 2, 20, heading, 'middle', ink, ' font-weight="600"'),
      `<g transform="translate(${place(left)} ${top})">\n${cells.join('\n')}\n</g>`,
      ...namesAt(grid, left, top, isTilted),
      ...(classes === 0 ? none : sides),
    ].join('\n'),
  }
}

/**
 * Draws a confusion matrix as the text of an SVG file: rows are the classes, columns the predictions. The shade of a
 * cell is its share of its row, so that rare classes count as much as common ones; with up to about 30 classes the
 * cells show their numbers. A matrix that is not square is a `ShapeError`, a negative count a `ValueError`, and a
 * number of labels other than that of the classes a `StructureError`.
 *
 * @example
 * import { confusionPicture } from 'pullback/chart'
 * const text = confusionPicture([[8, 2], [0, 5]], { labels: ['cat', 'dog'] })
 * text.includes('<title>cat taken for dog: 2, 20 % of its row</title>') // => true
 */
export const confusionPicture = (matrix: Confusion, options: ConfusionOptions = {}): string => {
  checkOptions('confusionPicture', options, ['labels', 'title'])
  checkTexts('confusionPicture', options, ['title'])
  return svgFile(confusionOf('confusionPicture', matrix, options))
}
