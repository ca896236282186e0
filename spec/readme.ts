// Whatever the package exports is in a table of the README, with a link to the file that documents it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as pullback from 'pullback'
import t from 'tap'
import { root } from './support/run.ts'

const names = Object.entries(pullback as object).flatMap(([name, value]) =>
  Object.prototype.toString.call(value) === '[object Module]' ? Object.keys(value) : [name],
)
const rows = readFileSync(join(root, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
const links = new Map(
  rows.flatMap((row) => [...row.matchAll(/\[`(\w+)`\]\((lib\/[\w/]+\.ts)\)/g)].map(([, name, file]) => [name, file])),
)

t.test('whatever is exported is in a table of the README, with a link', async (t) => {
  const missing = names.filter((name) => !links.has(name) && !name.endsWith('Error'))
  t.same(missing, [])
  for (const [name, file] of links) {
    const text = readFileSync(join(root, file as string), 'utf8')
    t.match(text, new RegExp(`export (const|function\\*?|async function\\*) ${name}\\b`), `${name} in ${file}`)
  }
})
