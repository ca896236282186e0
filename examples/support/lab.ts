// Shows the measurements of the laboratory: small curves in the terminal, and a picture.
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chart, numberText, type Panel, sparkline } from 'pullback/chart'
import { type NumberOption, type OptionValues, options } from './options.ts'
import { columns } from './terminal.ts'

/** A panel as lines of text, all on one scale: each series with its first number, its course, and its last number. */
const told = ({ title, x, y, series = [] }: Panel): string => {
  const height = (value: number): number => {
    const inside = Math.min(y.to ?? Number.POSITIVE_INFINITY, Math.max(y.from ?? Number.NEGATIVE_INFINITY, value))
    return y.log === true ? Math.log10(inside) : inside
  }
  const heights = series.map(({ points }) => points.map(([, value]) => height(value)).filter(Number.isFinite))
  const width = Math.min(36, Math.max(...heights.map(({ length }) => length)))
  const ends = { from: Math.min(...heights.flat()), to: Math.max(...heights.flat()) }
  const rows = series.map(({ name, points }, i) => [
    name,
    numberText(points[0]?.[1] ?? Number.NaN),
    sparkline(heights[i] ?? [], { width, ...ends }).padEnd(width),
    numberText(points.at(-1)?.[1] ?? Number.NaN),
  ])
  const course = `${y.label} by ${x.label}${y.log === true ? ', on a scale of powers of ten' : ''}`
  return `${title} (${course})\n${columns(['', 'first', '', 'last'], rows)}\n`
}

/** Runs a program that measures, prints and draws, if it was started itself; does nothing if it is imported. */
export const lab = async <const O extends Readonly<Record<string, NumberOption>>>(
  url: string,
  about: string,
  given: O,
  measure: (values: OptionValues<O>) => readonly Panel[] | Promise<readonly Panel[]>,
): Promise<void> => {
  const file = fileURLToPath(url)
  if (process.argv[1] !== file) return
  const name = basename(file, '.ts')
  const picture = { initial: `${name}.svg`, about: 'the file to draw to' }
  const values = options(name, about, { ...given, picture })
  const panels = await measure(values as OptionValues<O>)
  for (const panel of panels) if (panel.ground === undefined) console.log(told(panel))
  writeFileSync(values.picture as string, chart(panels))
  console.log(`drawn to ${values.picture}`)
}
