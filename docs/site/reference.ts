// The reference: a page for each section of the exports, with an entry for each export.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { byName, type Entry, entries, sectionOf } from '../api.ts'
import type { Group } from './contents.ts'
import { type Declared, declarationsOf } from './declaration.ts'
import { type Mention, mentions } from './mention.ts'
import { type Page, pages, root } from './pages.ts'

const slugOf = (entry: Entry): string => sectionOf(entry).replace('.', '')
const idOf = ({ name }: Entry): string => name.replace('.', '-')
const addressOf = (entry: Entry): string => `${slugOf(entry)}.md#${idOf(entry)}`

/** Where the entry of each name is, from the folder of the reference; a name without its module leads to the first that has it. */
export const addresses = (): ReadonlyMap<string, string> =>
  new Map(
    entries()
      .toReversed()
      .map((entry) => [entry.name, addressOf(entry)]),
  )

/** What a doc comment says, as Markdown that a page of the site takes: no tags, no templates, and names that lead to their entries. */
const told = (text: string, self: string, addresses: ReadonlyMap<string, string>): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => {
      if (!part.startsWith('`')) return part.replace(/</g, '&lt;').replace(/\{/g, '&#123;')
      const name = part.slice(1, -1)
      const address = addresses.get(name)
      return address === undefined || name === self ? part : `[${part}](${address})`
    })
    .join('')

const block = (code: string, info = ''): string => `\`\`\`ts${info}\n${code}\n\`\`\``

interface Documented {
  readonly entry: Entry
  readonly declared: Declared
  readonly mentions: readonly Mention[]
}

const entryText = ({ entry, declared, mentions }: Documented, addresses: ReadonlyMap<string, string>): string =>
  [
    `## ${entry.name} {#${idOf(entry)}}`,
    block(declared.signature, ' signature'),
    told(declared.doc, entry.name, addresses),
    ...declared.examples.map((example) => block(example)),
    [
      `Source: [${entry.file}](../../${entry.file})`,
      ...(mentions.length === 0
        ? []
        : [`In use: ${mentions.map(({ title, link }) => `[${title}](${link})`).join(' · ')}`]),
    ].join('<br>'),
  ].join('\n\n')

/** What the rooms hold, as the design says. */
const rooms = (): ReadonlyMap<string, string> =>
  new Map(
    [...readFileSync(join(root, 'docs/design.md'), 'utf8').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(
      ([, room = '', held = '']) => [room, held],
    ),
  )

/** How the names of a section come into a program. */
const imported = (of: readonly Entry[]): string => {
  const space = of.find(({ name }) => name.includes('.'))?.name.split('.')[0]
  return space === undefined
    ? `From \`${of[0]?.module}\`.`
    : `From \`pullback\`; names with a dot are members of a namespace: \`import { ${space} } from 'pullback'\`.`
}

interface Section {
  readonly slug: string
  readonly title: string
  /** The group of the section among the contents. */
  readonly group: string
  readonly intro: string
  readonly values: readonly Documented[]
  readonly types: readonly Documented[]
}

const sectionsOf = (all: readonly Documented[], addresses: ReadonlyMap<string, string>): readonly Section[] => {
  const held = rooms()
  const sorted = all.toSorted((a, b) => byName(a.entry, b.entry))
  return [...new Set(sorted.map(({ entry }) => slugOf(entry)))].sort().map((slug) => {
    const own = sorted.filter(({ entry }) => slugOf(entry) === slug)
    const module = own[0]?.entry.module as string
    const isSpace = own.some(({ entry }) => entry.name.includes('.'))
    return {
      slug,
      title: module === 'pullback' ? slug : module,
      group: module !== 'pullback' ? 'Subpaths' : isSpace ? 'Namespaces' : 'pullback',
      intro: told([held.get(slug) ?? '', imported(own.map(({ entry }) => entry))].join(' ').trim(), '', addresses),
      values: own.filter(({ entry }) => !entry.isType),
      types: own.filter(({ entry }) => entry.isType),
    }
  })
}

const names = (of: readonly Documented[]): string =>
  of.map(({ entry }) => `[\`${entry.name}\`](${addressOf(entry)})`).join(' ')

const indexText = (sections: readonly Section[]): string =>
  [
    '# Reference',
    'Every export of the package, with its signature, its doc comment and an example that a spec runs.',
    ...sections.flatMap(({ slug, title, intro, values, types }) => [
      `## [${title}](${slug}.md)`,
      intro,
      names(values),
      types.length === 0 ? '' : `Types: ${names(types)}`,
    ]),
  ].join('\n\n')

export interface Reference {
  /** By their names, the front page first. */
  readonly pages: readonly Page[]
  readonly contents: readonly Group[]
}

const contentsOf = (sections: readonly Section[]): readonly Group[] => [
  { text: 'Every name', items: [{ text: 'Every name', link: 'reference/index.md' }] },
  ...['pullback', 'Namespaces', 'Subpaths'].flatMap((text) => {
    const [head, ...tail] = sections
      .filter(({ group }) => group === text)
      .map(({ slug, title }) => ({ text: title, link: `reference/${slug}.md` }))
    return head === undefined ? [] : [{ text, items: [head, ...tail] as const }]
  }),
]

/** The reference of the package as the build has left it. */
export const reference = (): Reference => {
  const known = addresses()
  const all = entries()
  const declared = declarationsOf(all)
  const mentioned = mentions(pages)
  const sections = sectionsOf(
    all.map((entry, i) => ({ entry, declared: declared[i] as Declared, mentions: mentioned(entry.name) })),
    known,
  )
  const front = { path: 'index.md', text: indexText(sections) }
  const others = sections.map(({ slug, title, intro, values, types }) => ({
    path: `${slug}.md`,
    text: [`# ${title} {#top}`, intro, ...[...values, ...types].map((one) => entryText(one, known))].join('\n\n'),
  }))
  return { pages: [front, ...others], contents: contentsOf(sections) }
}
