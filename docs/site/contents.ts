// The order of the pages, in this one place. A page that is not named here stands behind the others of its folder; one of docs/ itself,
// in the last group.
import { basename, dirname } from 'node:path'
import { type Page, pages } from './pages.ts'

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
  {
    title: 'Guide',
    folder: 'guide',
    first: [
      'guide/index.md',
      'guide/tensors.md',
      'guide/layers.md',
      'guide/your-own.md',
      'guide/training.md',
      'guide/data.md',
      'guide/pictures.md',
      'guide/derivatives.md',
      'guide/randomness.md',
      'guide/engines.md',
      'guide/programs.md',
      'guide/performance.md',
      'guide/errors.md',
      'guide/promises.md',
    ],
  },
  { title: 'Cookbook', first: ['cookbook.md'] },
  { title: 'Coming from', first: ['from-tensorflow.md', 'coming-from.md'] },
  { title: 'The lecture', folder: 'lecture', first: ['lecture/index.md'] },
  {
    title: 'More',
    folder: '.',
    first: ['errors.md', 'command.md', 'files.md', 'benchmarks.md', 'design.md'],
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
  readonly items: readonly Item[]
}

const titleOf = ({ text }: Page): string => /^# (.*)/m.exec(text)?.[1]?.replace(/`/g, '') ?? ''

/** The pages of the site by groups, in their order. */
export const contents = (): readonly Group[] => {
  const own = pages
    .filter(({ path }) => path.startsWith('docs/'))
    .map((page) => ({ text: titleOf(page), link: page.path.slice('docs/'.length) }))
    .filter(({ link }) => !apart.includes(link))
  const named = new Set(parts.flatMap(({ first }) => first))
  return parts
    .map(({ title, folder, first }) => ({
      text: title,
      items: [
        ...first.flatMap((path) => own.filter(({ link }) => link === path)),
        ...own
          .filter(({ link }) => !named.has(link) && dirname(link) === folder)
          .sort((a, b) => (basename(a.link) < basename(b.link) ? -1 : 1)),
      ],
    }))
    .filter(({ items }) => items.length > 0)
}
