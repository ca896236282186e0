// Prints docs/api.md: every export of the package, with the first sentence of its doc comment and a link to its file.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = (file: string): string => readFileSync(join(root, file), 'utf8')

export interface Entry {
  /** As users write it: 'relu', 'op.relu'. */
  readonly name: string
  /** Its name in its file. */
  readonly own: string
  readonly file: string
  readonly isType: boolean
  /** The first sentence of its doc comment. */
  readonly summary: string
  /** What it is imported from. */
  readonly module: string
}

/** `a`, `type B`, `c as d` of an export, as the name that the file has and the one that the package has. */
const names = (list: string): readonly { readonly own: string; readonly name: string; readonly isType: boolean }[] =>
  list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [own = '', name = own] = item.replace(/^type /, '').split(' as ')
      return { own, name, isType: item.startsWith('type ') }
    })

/** The first sentence of the doc comment of a declaration. */
const summaryOf = (file: string, name: string): string => {
  const declaration = `export (?:const|(?:async )?function\\*?|(?:abstract )?class|interface|type) ${name}\\b`
  const [, comment = ''] = source(file).match(new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*${declaration}`)) ?? []
  const text = comment
    .replace(/^\s*\* ?/gm, ' ')
    .replace(/@(?:param|example)[\s\S]*/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return /^(.*?[.:])(?: [A-Z0-9`±(]|$)/.exec(text)?.[1]?.replace(/:$/, '.') ?? text
}

type Listed = Omit<Entry, 'module'>

/** What a file itself declares and exports. */
const declaredIn = (file: string, prefix: string): readonly Listed[] =>
  [
    ...source(file).matchAll(/^export (const|(?:async )?function\*?|(?:abstract )?class|interface|type) (\w+)/gm),
  ].flatMap(([, kind = '', own = ''], i, all) =>
    all.findIndex((other) => other[2] === own) < i // the signatures of one function
      ? []
      : [{ name: `${prefix}${own}`, own, file, isType: /interface|type/.test(kind), summary: summaryOf(file, own) }],
  )

/** The exports of an index file, those of namespaces under their names. */
const exportsOf = (index: string, prefix = ''): readonly Listed[] => [
  ...(prefix === '' ? [] : declaredIn(index, prefix)),
  ...[...source(index).matchAll(/^export (type )?(?:\{([^}]*)\}|\* as (\w+)) from '([^']+)'/gm)].flatMap(
    ([, allTypes, list, namespace, path = '']) => {
      const file = join(dirname(index), path)
      if (namespace !== undefined) return exportsOf(file, `${namespace}.`)
      return names(list as string).map(({ own, name, isType }) => ({
        name: `${prefix}${name}`,
        own,
        file,
        isType: isType || allTypes !== undefined,
        summary: summaryOf(file, own),
      }))
    },
  ),
]

/** The subpaths of the package: rooms of their own. */
const subpaths = ['node', 'mpi', 'reference', 'relaxed', 'chart', 'numpy', 'onnx', 'interop', 'table', 'workers']

/** All that `pullback` and its subpaths export. */
export const entries = (): readonly Entry[] =>
  ['', ...subpaths].flatMap((path) =>
    exportsOf(join('lib', path, 'index.ts')).map((entry) => ({ ...entry, module: join('pullback', path) })),
  )

/** A folder of lib/, a namespace with its dot, or a subpath. */
export const sectionOf = ({ name, file, module }: Entry): string =>
  module === 'pullback'
    ? name.includes('.')
      ? `${name.split('.')[0]}.`
      : (file.split('/')[1] ?? '')
    : module.replace('pullback/', '')

const link = ({ name, file }: Entry): string => `[\`${name}\`](${relative('docs', file)})`
const escaped = (text: string): string => text.replace(/\|/g, '\\|')
/** In the order of letters. */
export const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : 1)

const section = (title: string, all: readonly Entry[]): readonly string[] => {
  const values = all.filter((e) => !e.isType).sort(byName)
  const types = all.filter((e) => e.isType).sort(byName)
  return [
    `## \`${title}\``,
    '',
    ...(values.length === 0 ? [] : ['| name | what it is |', '|---|---|']),
    ...values.map((e) => `| ${link(e)} | ${escaped(e.summary)} |`),
    ...(values.length === 0 ? [] : ['']),
    ...(types.length === 0 ? [] : [`Types: ${types.map(link).join(', ')}.`, '']),
  ]
}

/** The page, section by section: a folder of lib/ or a namespace each. */
export const apiPage = (): string => {
  const all = entries()
  const sections = [...new Set(all.map(sectionOf))].sort()
  return [
    '# Every export',
    '',
    "Printed from the sources by `npm run docs:api`. Names with a dot are members of a namespace: `import { op } from 'pullback'`.",
    'The file behind each name has the formula, the shapes, the conventions, the errors and an example. A section is a folder of `lib/`',
    'or a namespace; [`design.md`](design.md) says what each holds. Names from `node`, `mpi`, `reference`, `relaxed`, `chart`, `table`, `numpy`, `onnx`, `interop` and `workers` come from',
    '`pullback/node`, `pullback/mpi`, `pullback/reference`, `pullback/relaxed`, `pullback/chart`, `pullback/table`, `pullback/numpy`, `pullback/onnx`, `pullback/interop` and `pullback/workers`.',
    '',
    ...sections.flatMap((title) =>
      section(
        title,
        all.filter((e) => sectionOf(e) === title),
      ),
    ),
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, 'docs/api.md'), apiPage())
