// The colors of pictures, for light and dark pages. Text has a contrast of at least 4.5 to 1 with its background, lines
// of at least 3 to 1.

/** A color for light pages and a color for dark pages. */
export interface Paint {
  readonly name: string
  readonly light: string
  readonly dark: string
}

const paint = (name: string, light: string, dark: string): Paint => ({ name, light, dark })

export const ground: Paint = paint('ground', '#ffffff', '#14171c')
export const ink: Paint = paint('ink', '#1f2328', '#e6e8eb')
export const quiet: Paint = paint('quiet', '#57606a', '#9aa4af')
export const rule: Paint = paint('rule', '#e3e6ea', '#2b3138')
export const behind: Paint = paint('behind', '#b4bac1', '#4d565f')

/**
 * Colors of lines that most color-blind readers can distinguish: darker and lighter variants of those by Okabe and Ito
 * (2008).
 */
export const lines: readonly Paint[] = [
  paint('line0', '#0072b2', '#56b4e9'),
  paint('line1', '#c44e00', '#f58a3c'),
  paint('line2', '#00805c', '#2fc79a'),
  paint('line3', '#a8447f', '#e58fc0'),
  paint('line4', '#8a6a00', '#e0b02c'),
  paint('line5', '#5b5bd6', '#a9a6ff'),
]

type Channels = readonly [red: number, green: number, blue: number]
const channels = (color: string): Channels =>
  [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)) as unknown as Channels

/** Mixes two colors, by the share of the way from the first to the second. */
const mix = (from: string, to: string, share: number): string => {
  const [a, b] = [channels(from), channels(to)]
  return `#${a
    .map((v, i) =>
      Math.round(v + ((b[i] as number) - v) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

/** The relative luminance of a color, from 0 to 1, by the Web Content Accessibility Guidelines 2.2. */
const luminance = (color: string): number => {
  const [r, g, b] = channels(color).map((v) => {
    const c = v / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as unknown as Channels
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** The contrast of two colors, from 1 to 21, by the same guidelines. */
export const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05]
  return Math.max(x, y) / Math.min(x, y)
}

const readable = (on: string): string => (contrast(on, '#000000') > contrast(on, '#ffffff') ? '#000000' : '#ffffff')

/** Background colors of cells, from almost none to full color, each with a text color that contrasts with it. */
export const shades: readonly { readonly cell: Paint; readonly text: Paint }[] = Array.from({ length: 11 }, (_, i) => {
  const at = (from: string, to: string): string => mix(from, to, 0.04 + 0.096 * i)
  const cell = paint(`cell${i}`, at(ground.light, '#0072b2'), at(ground.dark, '#56b4e9'))
  return { cell, text: paint(`on${i}`, readable(cell.light), readable(cell.dark)) }
})

/** All paints in one list. */
export const paints: readonly Paint[] = [
  ...[ground, ink, quiet, rule, behind],
  ...lines,
  ...shades.flatMap(({ cell, text }) => [cell, text]),
]
