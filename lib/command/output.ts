// The output of commands: texts in which nothing moves the cursor or hides, whatever the files hold that they tell of.
// Of several ranks the first alone prints.
import { table, thousands } from '../text/table.ts'
import { isFirst } from './place.ts'

/** Whatever a terminal would obey instead of showing it. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text whose control characters are written out; its lines stay. */
export const printable = (text: string): string =>
  text.replace(hidden, (c) => (c === '\n' ? c : `\\u{${(c.codePointAt(0) as number).toString(16)}}`))

/** Prints lines on standard output. */
export const say = (text: string): void => {
  if (isFirst) process.stdout.write(`${printable(text)}\n`)
}

/** Prints lines on standard error. */
export const warn = (text: string): void => {
  if (isFirst) process.stderr.write(`${printable(text)}\n`)
}

/** Prints one JSON document on standard output. What JSON lacks, such as NaN, is a text. */
export const sayJson = (value: unknown): void => {
  const json = JSON.stringify(value, (_, v) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v), 2)
  if (isFirst) process.stdout.write(`${json}\n`)
}

/** A number in some four digits. */
export const brief = (x: number): string => (Number.isInteger(x) ? String(x) : String(Number(x.toPrecision(4))))

/** So many of something: '1 tensor', '2 tensors'. */
export const counted = (n: number, what: string): string => `${thousands(n)} ${what}${n === 1 ? '' : 's'}`

/** Metrics by name as a table. */
export const metricTable = (metrics: { readonly [name: string]: number }, where: string): string =>
  table(
    ['metric', where],
    Object.entries(metrics).map(([name, x]) => [name, brief(x)]),
    [1],
  )
