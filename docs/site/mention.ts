import { relative } from 'node:path'
import { anchor } from './anchor.ts'
import { sectionsOf } from './block.ts'
import { type Page, prose } from './pages.ts'

/** A section of a page that shows how a name is used. */
export interface Mention {
  readonly title: string
  /** From the folder of the reference. */
  readonly link: string
}

/** Pages that show the names at work, the best first; others list or measure them. */
const telling = ['docs/guide/', 'docs/start/', 'docs/cookbook.md', 'docs/lecture/', 'docs/']
const silent = [
  'README.md',
  'docs/index.md',
  'docs/api.md',
  'docs/benchmarks.md',
  'docs/design.md',
  'docs/coming-from.md',
]
const rank = (path: string): number => telling.findIndex((start) => path.startsWith(start))

interface Told extends Mention {
  readonly said: ReadonlySet<string>
  readonly used: ReadonlySet<string>
}

const words = (texts: Iterable<string>): ReadonlySet<string> =>
  new Set([...texts].flatMap((text) => text.match(/[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)?/g) ?? []))

const toldBy = ({ path, text }: Page): readonly Told[] => {
  const [, heading = ''] = /^# (.*)/m.exec(text) ?? []
  return sectionsOf(text).map((section, i) => ({
    title: i === 0 ? heading : `${heading}: ${section.title}`,
    link: relative('docs/reference', path) + (i === 0 ? '' : `#${anchor(section.title)}`),
    said: words([...prose(section.text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)),
    used: words([...section.text.matchAll(/^```ts[^\n]*\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)),
  }))
}

/** Which sections of the pages tell most about a name: those whose sentences name it, then those whose programs use it. */
export const mentions = (pages: readonly Page[]): ((name: string) => readonly Mention[]) => {
  const sections = pages
    .filter(({ path }) => !silent.includes(path))
    .toSorted((a, b) => rank(a.path) - rank(b.path))
    .flatMap(toldBy)
  return (name) =>
    [
      ...new Set([...sections.filter(({ said }) => said.has(name)), ...sections.filter(({ used }) => used.has(name))]),
    ].slice(0, 3)
}
