// Types of names on hover, and below a line what was asked there or is refused. All of it is plain HTML, in which nothing has to run but the
// few lines of theme/hovers.ts: a component for each name would make a page's program larger than a megabyte.
import { blockOf } from '../site/block.ts'
import type { Compiler, Part } from './compiler.ts'
import type { Transformer } from './names.ts'
import { placeOf } from './programs.ts'

type Code = Parameters<NonNullable<Transformer['code']>>[0]
type Child = Code['children'][number]

const element = (tagName: string, properties: Code['properties'], children: Child[]): Code => ({
  type: 'element',
  tagName,
  properties,
  children,
})

/** The colors of the pieces of a type. */
const colors: Readonly<Record<string, string>> = {
  keyword: 'keyword',
  stringLiteral: 'literal',
  numericLiteral: 'literal',
  aliasName: 'name',
  className: 'name',
  interfaceName: 'name',
  typeParameterName: 'name',
}

const colored = (parts: readonly Part[]): Child[] =>
  parts.map(({ text, kind }) => {
    const color = colors[kind]
    const value: Child = { type: 'text', value: text }
    return color === undefined ? value : element('span', { class: color }, [value])
  })

const typeOf = (parts: readonly Part[]): Code => element('span', { class: 'type vp-copy-ignore' }, colored(parts))

const answer = (parts: readonly Part[], column: number): Code =>
  element('span', { class: 'answer vp-copy-ignore', style: `margin-left: ${column}ch` }, colored(parts))

const refusal = (sentence: string): Code =>
  element('span', { class: 'refusal vp-copy-ignore' }, [{ type: 'text', value: sentence }])

/** What a block gets when its names have been marked: their types, and what stands below its lines. */
interface Additions {
  readonly types: [name: Code, type: Code][]
  readonly below: readonly (readonly [line: number, shown: Code])[]
}

export const showTypes = (compiler: Compiler): Transformer => {
  const additions = new WeakMap<object, Additions>()
  return {
    name: 'types',
    preprocess(source, options) {
      const place = placeOf(source)
      if (place === undefined) return
      const { name, begin, text } = place
      const { code, asked, errors } = blockOf('', text)
      const typed = compiler.typed(name, begin, code.length)
      const refusals = errors.length > 0 ? compiler.refusals(name) : []
      const types: [Code, Code][] = []
      options.decorations = [
        ...refusals.map(({ start, end }) => ({ start, end, properties: { class: 'refused' } })),
        ...typed.map(({ start, end, parts }) => ({
          start,
          end,
          alwaysWrap: true,
          properties: { class: 'typed' },
          transform: (name: Code) => void types.push([name, typeOf(parts)]),
        })),
      ]
      const lineOf = (at: number): number => code.slice(0, at).split('\n').length - 1
      const columnOf = (at: number): number => at - code.lastIndexOf('\n', at) - 1
      const below = [
        ...typed
          .filter(({ start, end }) => asked.some((at) => start <= at && at < end))
          .map(({ start, parts }) => [lineOf(start), answer(parts, columnOf(start))] as const),
        ...refusals.map(({ start, sentence }) => [lineOf(start), refusal(sentence)] as const),
      ]
      additions.set(this.meta, { types, below })
      return code
    },
    // After the names have been marked, for which lines are counted, and texts measured.
    pre() {
      const added = additions.get(this.meta)
      if (added === undefined) return
      for (const [name, type] of added.types) name.children.push(type)
      this.code.children = this.lines.flatMap((line, i): Child[] => {
        const shown = added.below.flatMap(([at, code]) => (at === i ? [code] : []))
        return [line, ...(shown.length > 0 ? shown : [{ type: 'text', value: '\n' } as const])]
      })
    },
  }
}
