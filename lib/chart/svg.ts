// The parts of an SVG text. Every text from outside passes through `escaped`.
import { ground, ink, type Paint, paints } from './color.ts'

/** A picture that can become a file or a part of a page. */
export interface Picture {
  readonly title: string
  /** The description for screen readers. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly body: string
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Characters that no XML file may hold: controls, halves of surrogate pairs, and two more. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is sought
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

/** Escapes a text for HTML and XML, inside an element or an attribute. */
export const escaped = (text: string): string =>
  text.replace(forbidden, '\ufffd').replace(/[&<>"']/g, (c) => references[c] as string)

/** Characters that would move a terminal's cursor, break a line, or reorder the characters around them. */
const moving = /[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Makes a text safe for one line of a terminal. */
export const oneLine = (text: string): string => text.replace(moving, '\ufffd')

/** Shortens a text to a number of characters by leaving out its middle. */
export const shortened = (text: string, most: number): string => {
  const all = [...text]
  const [before, after] = [Math.ceil((most - 1) / 2), Math.floor((most - 1) / 2)]
  return all.length <= most ? text : `${all.slice(0, before).join('')}…${all.slice(all.length - after).join('')}`
}

/** A coordinate in a picture, rounded to a tenth of a pixel. */
export const place = (value: number): string => `${Math.round(value * 10) / 10 + 0}`

/**
 * The paint of an area or a text, and the paint of a line: an attribute for light pages, and a class through which dark
 * pages change it.
 */
export const fill = ({ name, light }: Paint): string => `fill="${light}" class="pullback-${name}"`
export const stroke = ({ name, light }: Paint): string =>
  `fill="none" stroke="${light}" class="pullback-${name}-stroke"`

type Anchor = 'start' | 'middle' | 'end'

/** A text at a position, which must still be escaped. */
export const words = (
  x: number,
  y: number,
  text: string,
  anchor: Anchor = 'start',
  paint: Paint = ink,
  more = '',
): string => {
  const by = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text x="${place(x)}" y="${place(y)}"${by} ${fill(paint)}${more}>${escaped(text)}</text>`
}

/** The style rules for dark pages: they change the paints used in a text. */
export const darkPaints = (used: string): string => {
  const rules = paints.flatMap(({ name, dark }) => [
    ...(used.includes(`"pullback-${name}"`) ? [`.pullback-${name}{fill:${dark}}`] : []),
    ...(used.includes(`"pullback-${name}-stroke"`) ? [`.pullback-${name}-stroke{stroke:${dark}}`] : []),
  ])
  return `@media screen and (prefers-color-scheme:dark){${rules.join('')}}`
}

const letters = 'font-family="system-ui, sans-serif" font-size="12"'
const element = (picture: Picture, attributes: string, style: string): string => {
  const { title, description, body } = picture
  const [width, height] = [place(picture.width), place(picture.height)]
  return [
    `<svg${attributes} viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ${letters}>`,
    `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>${style}`,
    body,
    '</svg>',
  ].join('\n')
}

const grounded = (picture: Picture): Picture => {
  const [width, height] = [place(picture.width), place(picture.height)]
  return { ...picture, body: `<path ${fill(ground)} d="M0 0h${width}v${height}h-${width}z"/>\n${picture.body}` }
}

/** A picture as a separate file, which follows the reader's choice of light or dark. */
export const svgFile = (picture: Picture): string => {
  const whole = grounded(picture)
  return `${element(whole, ' xmlns="http://www.w3.org/2000/svg"', `<style>${darkPaints(whole.body)}</style>`)}\n`
}

/** A picture inside a page that provides the background and the dark paints. */
export const svgWithin = (picture: Picture): string => element(picture, '', '')
