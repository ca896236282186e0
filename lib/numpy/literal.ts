// The literals of Python that headers are written in: texts, whole numbers, True, False, None, tuples, lists and
// dictionaries. Nothing is evaluated.

export type Literal =
  | { readonly _tag: 'Text'; readonly text: string }
  | { readonly _tag: 'Number'; readonly value: number }
  | { readonly _tag: 'Constant'; readonly name: 'True' | 'False' | 'None' }
  | { readonly _tag: 'Tuple' | 'List'; readonly items: readonly Literal[] }
  | { readonly _tag: 'Dictionary'; readonly entries: readonly (readonly [name: string, value: Literal])[] }

/** A literal that is not one: what was expected, and where. */
export interface NoLiteral {
  readonly _tag: 'NoLiteral'
  readonly expected: string
  readonly at: number
}

/** Texts without escapes, whole numbers (those of Python 2 may end with L), constants and signs. */
const tokens =
  /[ \t\n\r]*(?:('[^'\\\n]*'|"[^"\\\n]*")|(-?(?:0|[1-9][0-9]*))(L?)(?![0-9A-Za-z_.])|(True|False|None)\b|([()[\]{}:,]))/y

class Unexpected extends Error {
  readonly at: number
  constructor(expected: string, at: number) {
    super(expected)
    this.at = at
  }
}

const parse = (text: string, isOld: boolean, deepest: number): Literal => {
  let [at, start, sign] = [0, 0, '']
  let plain: Literal | undefined

  /** Reads the next token: a sign, or a literal without parts, or neither at the end. */
  const advance = (): void => {
    tokens.lastIndex = at
    const found = tokens.exec(text)
    const [all = '', quoted, digits, suffix, name, mark = ''] = found ?? []
    const rest = found === null ? text.slice(at).replace(/^[ \t\n\r]+/, '') : ''
    if (rest !== '') throw new Unexpected('a literal of Python', text.length - rest.length)
    if (suffix === 'L' && !isOld) throw new Unexpected('a literal of Python 3', at)
    start = at + all.length - all.trimStart().length
    at = found === null ? text.length : tokens.lastIndex
    sign = mark
    plain =
      quoted !== undefined
        ? { _tag: 'Text', text: quoted.slice(1, -1) }
        : digits !== undefined
          ? { _tag: 'Number', value: Number(digits) }
          : name !== undefined
            ? { _tag: 'Constant', name: name as 'True' }
            : undefined
  }
  const expect = (wanted: string): void => {
    if (sign !== wanted) throw new Unexpected(`'${wanted}'`, start)
    advance()
  }

  /** Reads items between commas up to a bracket, and tells if the last is followed by a comma. */
  const items = <A>(close: string, item: () => A): readonly [found: readonly A[], comma: boolean] => {
    advance()
    const found: A[] = []
    let comma = false
    while (sign !== close) {
      if (found.length > 0 && !comma) throw new Unexpected(`',' or '${close}'`, start)
      found.push(item())
      comma = sign === ','
      if (comma) advance()
    }
    expect(close)
    return [found, comma]
  }

  const value = (depth: number): Literal => {
    if (depth > deepest) throw new Unexpected(`literals nested at most ${deepest} deep`, start)
    if (plain !== undefined) {
      const found = plain
      advance()
      return found
    }
    if (sign === '(') {
      const [found, comma] = items(')', () => value(depth + 1))
      return found.length === 1 && !comma ? (found[0] as Literal) : { _tag: 'Tuple', items: found }
    }
    if (sign === '[') return { _tag: 'List', items: items(']', () => value(depth + 1))[0] }
    if (sign !== '{') throw new Unexpected('a literal of Python', start)
    const [entries] = items('}', () => {
      if (plain?._tag !== 'Text') throw new Unexpected('a name in quotes', start)
      const name = plain.text
      advance()
      expect(':')
      return [name, value(depth + 1)] as const
    })
    return { _tag: 'Dictionary', entries }
  }

  advance()
  const found = value(0)
  if (sign !== '' || plain !== undefined) throw new Unexpected('the end of the literal', start)
  return found
}

/** Reads one literal of Python, with spaces around it; where it may be old, numbers as Python 2 writes them. */
export const literalIn = (text: string, isOld: boolean, deepest: number): Literal | NoLiteral => {
  try {
    return parse(text, isOld, deepest)
  } catch (e) {
    if (e instanceof Unexpected) return { _tag: 'NoLiteral', expected: e.message, at: e.at }
    throw e
  }
}

/** A literal as a text, shortened. */
export const showLiteral = (x: Literal): string => {
  const text = shown(x)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

const shown = (x: Literal): string => {
  if (x._tag === 'Text') return `'${x.text}'`
  if (x._tag === 'Number') return `${x.value}`
  if (x._tag === 'Constant') return x.name
  if (x._tag === 'Dictionary') return `{${x.entries.map(([name, value]) => `'${name}': ${shown(value)}`).join(', ')}}`
  const items = x.items.map(shown).join(', ')
  if (x._tag === 'List') return `[${items}]`
  return `(${items}${x.items.length === 1 ? ',' : ''})`
}
