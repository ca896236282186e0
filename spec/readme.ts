// Whatever the package exports is in a table of the README, with a link to the file that documents it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as pullback from 'pullback'
import * as node from 'pullback/node'
import t from 'tap'
import { root } from './support/run.ts'

type Named = readonly [name: string, value: unknown]

/** What a module exports, and what the modules in it do: 'relu' and 'op.relu' are two. */
const exported = (module: object): readonly Named[] =>
  Object.entries(module).flatMap(([name, value]: Named) =>
    Object.prototype.toString.call(value) === '[object Module]'
      ? Object.entries(value as object).map(([inner, v]) => [`${name}.${inner}`, v] as const)
      : [[name, value] as const],
  )
const names = [...exported(pullback), ...exported(node)].filter(([name]) => !name.endsWith('Error'))

const rows = readFileSync(join(root, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
const links = rows.flatMap((row) =>
  [...row.matchAll(/\[`(\w+)`\]\((lib\/[\w/]+\.ts)\)/g)].map(([, name = '', file = '']) => ({ name, file })),
)

t.test('whatever is exported is in a table of the README, with a link to the file that has it', async (t) => {
  const linked: Named[] = []
  for (const { name, file } of links) {
    const module = (await import(pathToFileURL(join(root, file)).href)) as Readonly<Record<string, unknown>>
    const value = module[name]
    linked.push([name, value])
    t.ok(
      names.some(([full, v]) => full.split('.').at(-1) === name && v === value),
      `what ${file} has as ${name} is exported`,
    )
    const text = readFileSync(join(root, file), 'utf8')
    t.match(text, new RegExp(`export (const|(async )?function\\*?) ${name}\\b`), `${name} in ${file}`)
  }
  const missing = names.filter(([full, v]) => !linked.some(([name, w]) => full.split('.').at(-1) === name && v === w))
  t.same(
    missing.map(([full]) => full),
    [],
  )
})
