// A strict reader of what pictures and reports are written in: whatever is not well formed throws.

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** The text directly within it. */
  readonly text: string
  readonly children: readonly Element[]
}

const decoded = (text: string): string => {
  if (/&(?!(?:amp|lt|gt|quot|#39);)|[<>]/.test(text)) throw new Error(`not escaped: ${text}`)
  const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replace(/&([^;]+);/g, (_, name: string) => characters[name] as string)
}

const attributesOf = (text: string): Readonly<Record<string, string>> => {
  if (!/^(\s+[\w:-]+="[^"<]*")*\s*$/.test(text)) throw new Error(`not attributes: ${text}`)
  return Object.fromEntries(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decoded(value)]),
  )
}

/** The elements of a text; those that HTML leaves open are named. */
export const parsed = (text: string, open: readonly string[] = []): Element => {
  type Building = { name: string; attributes: Readonly<Record<string, string>>; text: string; children: Building[] }
  const root: Building = { name: '', attributes: {}, text: '', children: [] }
  const stack = [root]
  for (const [, tag, words = ''] of text.replace(/^<!doctype html>\n/, '').matchAll(/<([^<>]*)>|([^<]+)/g)) {
    const around = stack.at(-1) as Building
    if (tag === undefined) {
      around.text += around.name === 'style' ? words : decoded(words)
      continue
    }
    const [, end = '', name = '', rest = '', own = ''] = /^(\/?)([\w-]+)((?:[^"/]|"[^"]*")*)(\/?)$/.exec(tag) ?? []
    if (name === '') throw new Error(`not a tag: <${tag}>`)
    if (end === '/') {
      if (stack.pop()?.name !== name) throw new Error(`</${name}> closes another element`)
      continue
    }
    const element: Building = { name, attributes: attributesOf(rest), text: '', children: [] }
    around.children.push(element)
    if (own !== '/' && !open.includes(name)) stack.push(element)
  }
  if (stack.length !== 1) throw new Error(`<${stack.at(-1)?.name}> is left open`)
  return root
}

/** All elements of some name, in their order. */
export const all = (element: Element, name: string): readonly Element[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)])

/** The ends of the moves and lines of a path, to absolute places. */
export const placesOf = (path: string): readonly (readonly [number, number])[] => {
  let [x, y] = [0, 0]
  const numbers = (of: string): readonly number[] =>
    of
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number)
  return [...path.matchAll(/([MLHVhvZz])([^MLHVhvZz]*)/g)].flatMap(([, command = '', rest = '']) => {
    const [a = 0, b = 0] = numbers(rest)
    if (command === 'M' || command === 'L') [x, y] = [a, b]
    if (command === 'H') x = a
    if (command === 'V') y = a
    if (command === 'h') x += a
    if (command === 'v') y += a
    return command === 'Z' || command === 'z' ? [] : [[x, y] as const]
  })
}
