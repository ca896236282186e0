// Links within the README and the pages of docs/ lead somewhere, and their prose keeps to the length of a line.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { pages } from '../support/pages.ts'
import { root } from '../support/run.ts'

/** A page without its blocks of code. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '')

/** The anchor that GitHub gives to a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/ /g, '-')

const anchors = new Map(
  pages.map(({ path, text }) => [
    path,
    [...prose(text).matchAll(/^#+ (.*)/gm)].map(([, heading = '']) => anchor(heading)),
  ]),
)

t.test('every link within the documents leads to a file, and to a heading that is there', async (t) => {
  for (const { path, text } of pages)
    for (const [, target = ''] of prose(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [file = '', heading] = target.split('#')
      const to = file === '' ? path : normalize(join(dirname(path), file))
      t.ok(existsSync(join(root, to)), `${path}: ${target}`)
      if (heading !== undefined) t.ok(anchors.get(to)?.includes(heading), `${path}: the heading of ${target}`)
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

t.test('every page of docs/ can be reached from the README', async (t) => {
  const readme = pages.find(({ path }) => path === 'README.md')?.text ?? ''
  for (const { path } of pages.filter(({ path }) => path !== 'README.md')) t.ok(readme.includes(`](${path}`), path)
})

t.test('no line of prose is over 120 characters', async (t) => {
  for (const { path, text } of pages.filter(({ path }) => path !== 'docs/api.md'))
    for (const line of prose(text).split('\n'))
      if (!line.startsWith('|') && [...line].length > 120) t.fail(`${path}: ${line}`)
})
