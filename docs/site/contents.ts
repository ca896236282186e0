// The order of the pages, in this one place: what a group names, then what the first page of its folder links to, then the rest.
import { basename, dirname } from 'node:path'
import { linksOf, type Page, pages } from './pages.ts'

interface Part {
  readonly title: string
  /** A folder of docs/, all of whose pages belong here. */
  readonly folder?: string
  /** The pages that come first, in their order. */
  readonly first: readonly string[]
}

const parts: readonly Part[] = [
  {
    title: 'Start',
    folder: 'start',
    first: ['start/typescript.md', 'start/backpropagation.md', 'start/functional.md'],
  },
  { title: 'Guide', folder: 'guide', first: ['guide/index.md'] },
  { title: 'Cookbook', first: ['cookbook.md'] },
  { title: 'Coming from', first: ['from-tensorflow.md', 'coming-from.md'] },
  { title: 'The lecture', folder: 'lecture', first: ['lecture/index.md'] },
  {
    title: 'More',
    folder: '.',
    first: ['errors.md', 'command.md', 'files.md', 'layouts.md', 'bundles.md', 'benchmarks.md', 'design.md'],
  },
]

/** Pages that have a place of their own in the bar above all pages. */
const apart = ['index.md', 'api.md', 'playground/index.md']

export interface Item {
  readonly text: string
  readonly link: string
}

export interface Group {
  readonly text: string
  readonly items: readonly [Item, ...Item[]]
}

/** The title of a page; `Start: for …` is `For …` among those of its group. */
const titleOf = ({ text }: Page, group: string): string => {
  const title = /^# (.*)/m.exec(text)?.[1]?.replace(/`/g, '') ?? ''
  const own = title.startsWith(`${group}: `) ? title.slice(group.length + 2) : title
  return own.charAt(0).toUpperCase() + own.slice(1)
}

const named = new Set(parts.flatMap(({ first }) => first.map((path) => `docs/${path}`)))

/** The pages of a group that it does not name, in their order. */
const others = (folder: string): readonly Page[] => {
  const index = pages.find(({ path }) => path === `docs/${folder}/index.md`)
  const linked = index === undefined ? [] : linksOf(index).map(({ to }) => to)
  const place = (path: string): number => (linked.includes(path) ? linked.indexOf(path) : linked.length)
  return pages
    .filter(({ path }) => dirname(path) === (folder === '.' ? 'docs' : `docs/${folder}`))
    .filter(({ path }) => !named.has(path) && !apart.includes(path.slice('docs/'.length)))
    .toSorted((a, b) => place(a.path) - place(b.path) || (basename(a.path) < basename(b.path) ? -1 : 1))
}

/** The pages of the site by groups, in their order. */
export const contents = (): readonly Group[] =>
  parts.flatMap(({ title, folder, first }) => {
    const ahead = first.flatMap((link) => pages.filter(({ path }) => path === `docs/${link}`))
    const [head, ...tail] = [...ahead, ...(folder === undefined ? [] : others(folder))].map((page) => ({
      text: titleOf(page, title),
      link: page.path.slice('docs/'.length),
    }))
    return head === undefined ? [] : [{ text: title, items: [head, ...tail] }]
  })
