// Links within the README and the pages of docs/ lead somewhere, and their prose keeps to the length of a line.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { anchor } from '../../docs/site/anchor.ts'
import { linksOf, type Page, pages, prose } from '../../docs/site/pages.ts'
import { root } from '../support/run.ts'

/** The anchors of each page; of headings that are alike, the second ends with `-1`. */
const anchors = new Map(
  pages.map(({ path, text }) => {
    const plain = [...prose(text).matchAll(/^#+ (.*)/gm)].map(([, heading = '']) => anchor(heading))
    const before = plain.map((own, i) => plain.slice(0, i).filter((other) => other === own).length)
    return [path, plain.map((own, i) => (before[i] === 0 ? own : `${own}-${before[i]}`))]
  }),
)

/** The pages, and what stands beside the README. */
const all: readonly Page[] = [
  ...pages,
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  })),
]

t.test('every link within the documents leads to a file, and to a heading that is there', async (t) => {
  for (const page of all)
    for (const { target, to, anchor } of linksOf(page)) {
      t.ok(existsSync(join(root, to)), `${page.path}: ${target}`)
      if (anchor !== undefined) t.ok(anchors.get(to)?.includes(anchor), `${page.path}: the heading of ${target}`)
    }
})

t.test('every file and folder that the documents name is there', async (t) => {
  const folders = (of: string): readonly string[] =>
    readdirSync(of, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  const tops = [...folders(root), ...folders(join(root, 'lib'))]
  for (const { path, text } of pages)
    for (const [, named = ''] of prose(text).matchAll(/`((?:\w+\/)+[\w.]*)`/g))
      if (tops.includes(named.split('/')[0] as string))
        t.ok(
          [named, `lib/${named}`].some((file) => existsSync(join(root, file))),
          `${path}: ${named}`,
        )
})

t.test('a reader comes from the README to every page, link by link', async (t) => {
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const reached = new Set<string>()
  const visit = (path: string): void => {
    const page = byPath.get(path)
    if (page === undefined || reached.has(path)) return
    reached.add(path)
    for (const { to } of linksOf(page)) visit(to)
  }
  visit('README.md')
  t.same(
    pages.map(({ path }) => path).filter((path) => !reached.has(path)),
    [],
  )
})

t.test('no line of prose is over 120 characters', async (t) => {
  for (const { path, text } of pages.filter(({ path }) => path !== 'docs/api.md'))
    for (const line of prose(text).split('\n'))
      if (!line.startsWith('|') && [...line].length > 120) t.fail(`${path}: ${line}`)
})

t.test('every row of a table has a line of its own, and as many cells as its head', async (t) => {
  const cells = (row: string): number => row.replace(/\\\|/g, '').split('|').length
  for (const { path, text } of all)
    for (const table of prose(text).split(/\n\s*\n/)) {
      const [head = '', line = '', ...rows] = table.split('\n').filter((row) => row.includes('|'))
      if (!/\|\s*:?-{3,}/.test(table)) continue
      t.match(line, /^ *\|(?: *:?-+:? *\|)+$/, `${path}: ${table}`)
      for (const row of [head, ...rows]) if (cells(row) !== cells(line)) t.fail(`${path}: ${row}`)
    }
})
