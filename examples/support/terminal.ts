// Pictures in characters, for a terminal or a log.
import { type Tensor, toArray } from 'pullback'

/** One line that is overwritten in a terminal; in a log, a new line now and then. */
export const progressLine = (
  every = 200,
): { readonly show: (line: string) => void; readonly end: (line: string) => void } => {
  const live = process.stdout.isTTY === true
  const wait = live ? every : 10 * every
  let last = Number.NEGATIVE_INFINITY
  let written = ''
  const write = (line: string): void => {
    if (line !== written) process.stdout.write(live ? `\r\x1b[K${line}` : `${line}\n`)
    written = line
  }
  return {
    show: (line) => {
      const now = performance.now()
      if (now - last < wait) return
      last = now
      write(line)
    },
    end: (line) => {
      write(line)
      if (live) process.stdout.write('\n')
    },
  }
}

const shades = ' .:-=+*#%@'

/** A grey picture from 0 to 1, its pixels row by row, two rows to a line. */
export const picture = (pixels: Tensor, width: number): readonly string[] => {
  const values = toArray(pixels)
  const height = values.length / width
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) =>
    Array.from({ length: width }, (_, x) => {
      const [upper = 0, lower = 0] = [values[2 * line * width + x], values[(2 * line + 1) * width + x]]
      const grey = Math.min(1, Math.max(0, (upper + lower) / 2))
      return shades[Math.round(grey * (shades.length - 1))]
    }).join(''),
  )
}

/** Pictures side by side, a caption over each. */
export const row = (pictures: readonly { readonly caption: string; readonly lines: readonly string[] }[]): string => {
  const width = Math.max(0, ...pictures.flatMap(({ caption, lines }) => [caption, ...lines].map((line) => line.length)))
  const height = Math.max(0, ...pictures.map(({ lines }) => lines.length))
  return Array.from({ length: height + 1 }, (_, i) =>
    pictures
      .map(({ caption, lines }) => ((i === 0 ? caption : lines[i - 1]) ?? '').padEnd(width))
      .join('  ')
      .trimEnd(),
  ).join('\n')
}

/** Rows of text in columns under a heading, set flush right. */
export const columns = (heading: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [heading, ...rows]
  const widths = heading.map((_, i) => Math.max(...all.map((r) => r[i]?.length ?? 0)))
  return all.map((r) => r.map((cell, i) => cell.padStart(widths[i] as number)).join('  ')).join('\n')
}
