// The house as docs/design.md draws it: a folder of lib/ imports only from floors below, and no file imports itself
// by way of others.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../lib', import.meta.url))

const page = readFileSync(new URL('../docs/design.md', import.meta.url), 'utf8')
/** The rooms of each floor, the lowest first. */
const floors: readonly (readonly string[])[] = [...page.matchAll(/^ +\d+ {3}([a-z ]+)$/gm)]
  .map(([, rooms = '']) => rooms.trim().split(/ +/))
  .reverse()
const floorOf = (folder: string): number => floors.findIndex((names) => names.includes(folder))

/** What a file imports: from the library, by path; from elsewhere, by name. Types count too. */
const imports = (file: string): readonly string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?:type )?(?:\{[^}]*\}|\* as \w+|\*|\w+(?:, \{[^}]*\})?) from '([^']+)'/gm,
    ),
  ].map((m) => m[1] as string)

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !/(binary(\.ts|\/.*)|\/assembly\/.*)$/.test(name),
)
const graph = new Map(
  files.map((name) => {
    const within = imports(join(root, name)).filter((path) => path.startsWith('.'))
    return [name, within.map((path) => relative(root, join(root, dirname(name), path)))] as const
  }),
)

t.test('every room is drawn once, and has a sentence', async (t) => {
  const rooms = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  t.same(floors.flat().sort(), rooms.map(({ name }) => name).sort())
  for (const room of floors.flat()) t.match(page, new RegExp(`^\\| \`${room}\` \\| .+\\. \\|$`, 'm'), room)
})

t.test('a folder imports only from the floors below', async (t) => {
  for (const [name, targets] of graph) {
    const folder = name.split('/')[0] as string
    if (name === 'index.ts') continue
    t.ok(floorOf(folder) >= 0, `${folder} has a floor`)
    const above = targets.filter((target) => {
      const other = target.split('/')[0] as string
      return other !== folder && floorOf(other) >= floorOf(folder)
    })
    t.same(above, [], name)
  }
})

t.test('no cycles', async (t) => {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) cycles.push([...path, name].join(' → '))
    if (done.has(name) || path.includes(name)) return
    for (const next of graph.get(name) ?? []) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of files) visit(name, [])
  t.same(cycles, [])
})

t.test('private names are used only in their own folder', async (t) => {
  const users = (of: RegExp): readonly string[] =>
    files.filter((name) => imports(join(root, name)).some((path) => of.test(path)))
  const folders = (names: readonly string[]): readonly string[] =>
    [...new Set(names.map((name) => name.split('/')[0] as string))].sort()
  t.same(folders(users(/^node:/)), ['command', 'mpi', 'node'], 'Node')
  t.same(folders(users(/^ndarray$/)), ['codec', 'node', 'tensor'], 'ndarray: the tensor, and where arrays come in')
  t.same(folders(users(/^io-ts$/)), ['codec', 'command', 'table'], 'io-ts')
  t.same(folders(users(/^#csv$/)), ['table'], 'csv-parse')
  t.same(folders(users(/^d3-/)), ['chart'], 'd3: programs without pictures do not load it')
  t.same(users(/^(fp-ts|io-ts)\/(?!HKT)/), [], 'fp-ts comes through #fp, which works in Node and in bundlers')
})

t.test('specs stand where their subjects stand', async (t) => {
  const folders = (of: string): readonly string[] =>
    readdirSync(join(root, '..', of), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => relative(join(root, '..', of), join(entry.parentPath, entry.name)))
      .filter((name) => !/node_modules/.test(name))
  const own = [
    'all',
    'arbitrary',
    'catalogue',
    'docs',
    'examples',
    'fuzz',
    'interop',
    'law',
    'network',
    'package',
    'runtime',
    'support',
    'type',
  ]
  const rooms = folders('lib')
  const strange = folders('spec').filter((name) => !own.includes(name.split('/')[0] as string) && !rooms.includes(name))
  t.same(strange, [], 'a folder of spec/ is a folder of lib/, or holds what is common to many')
})

t.test('every spec is run, and once', async (t) => {
  const spec = join(root, '../spec')
  const folders = readdirSync(spec, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const together = readdirSync(join(spec, 'all')).flatMap((name) => {
    const [, call = ''] = /together\((.+)\)/.exec(readFileSync(join(spec, 'all', name), 'utf8')) ?? []
    return [...call.matchAll(/'(\w+)'/g)].map(([, folder]) => folder)
  })
  const { tap } = JSON.parse(readFileSync(join(root, '../package.json'), 'utf8'))
  const alone = /\{(.+)\}/.exec(tap.include.join())?.[1]?.split(',') ?? []
  const without = ['arbitrary', 'law', 'support', 'type']
  t.same([...together, ...alone, ...without].sort(), folders.map(({ name }) => name).sort())
})

t.test('all global state is documented', async (t) => {
  const globals = files.filter((name) =>
    /^(?:export )?(?:let \w|const \w+ = new (?:Weak)?(?:Map|Set)\b|const \w+: \w+\[\] = \[\]$)/m.test(
      readFileSync(join(root, name), 'utf8'),
    ),
  )
  const [, told = ''] = page.split('## What is global, and why')
  const [table = ''] = told.split('## ')
  t.same([...table.matchAll(/^\| .* \| `(.*)` \| .* \|$/gm)].map(([, name]) => name).sort(), globals.sort())
})

t.test('the parts are small', async (t) => {
  t.ok(files.length > 50)
  const folders = new Map<string, number>()
  for (const name of files) folders.set(dirname(name), (folders.get(dirname(name)) ?? 0) + 1)
  for (const [folder, count] of folders) if (count > 24) t.fail(`${folder}: ${count} files, at most 24`)
  for (const name of files) {
    const lines = readFileSync(join(root, name), 'utf8').split('\n').length
    if (lines > 220 && name !== 'index.ts') t.fail(`${name}: ${lines} lines`)
  }
})
