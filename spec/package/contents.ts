// What is in the package: only what its users need, in the form that their tools expect.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { packed, readJSON } from '../support/packed.ts'
import { root } from '../support/run.ts'
import { load, needs } from './tools.ts'

const { installed, tarball } = await packed()
const names = readdirSync(installed, { recursive: true, encoding: 'utf8', withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
const text = (name: string): string => readFileSync(join(installed, name), 'utf8')
const declarations = names.filter((name) => name.endsWith('.d.ts'))

interface Manifest {
  readonly version: string
  readonly scripts?: object
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly bin: Readonly<Record<string, string>>
}
const manifest = readJSON<Manifest>(join(installed, 'package.json'))

// It has 1,490,736 bytes, 528 kB packed: 980 kB of programs, of which the kernels are 98, and 489 of declarations.
t.test('programs, declarations and four pages, in less than 1.5 MB', async (t) => {
  t.same(
    names.filter((name) => !/\.(js|d\.ts)$/.test(name)),
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
  )
  const bytes = names.reduce((sum, name) => sum + readFileSync(join(installed, name)).length, 0)
  t.ok(bytes < 1_500_000, `${bytes} bytes in ${names.length} files`)
  t.ok(readFileSync(tarball).length < 550_000, 'packed')
})

t.test('no file leads to one that is not there', async (t) => {
  for (const name of names) {
    if (name.endsWith('.js')) t.notMatch(text(name), /sourceMappingURL/, name)
    if (!/\.(js|d\.ts)$/.test(name)) continue
    const end = name.endsWith('.js') ? '.js' : '.d.ts'
    for (const [, path = ''] of text(name).matchAll(/(?:from|import|import\() ?['"](\.[^'"]*)\.js['"]/g))
      t.ok(existsSync(join(installed, dirname(name), path + end)), `${name}: ${path}`)
  }
  const entries = [...Object.values(manifest.exports), manifest.bin].flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  )
  for (const entry of entries) t.ok(existsSync(join(installed, entry)), entry)
  for (const page of ['README.md', 'CHANGELOG.md'])
    for (const [link, target = ''] of text(page).matchAll(/\]\(([^)]*)\)/g))
      t.match(target, /^(https:|#)/, `${page}: ${link}`)
  t.match(text('README.md'), /which the package leaves out/, 'a note says where the pages are that it names')
})

t.test('every subpath of the repository is one of the package, and nothing runs when it is installed', async (t) => {
  t.same(Object.keys(manifest.exports), Object.keys(readJSON<Manifest>(join(root, 'package.json')).exports))
  t.equal(manifest.scripts, undefined)
})

t.test('calls that are pure are called so, for bundlers to drop', async (t) => {
  const isPure = (path: string): boolean => readFileSync(path, 'utf8').includes('/* @__PURE__ */')
  const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && isPure(join(root, 'lib', name)))
    .map((name) => name.replace(/ts$/, 'js'))
    .filter((name) => names.includes(name))
  t.ok(sources.length > 50)
  t.same(
    sources.filter((name) => !isPure(join(installed, name))),
    [],
  )
})

/** All nodes of a file that are of one kind. */
const nodes = <N extends ts.Node>(path: string, is: (node: ts.Node) => node is N): readonly N[] => {
  const found: N[] = []
  const go = (node: ts.Node): void => {
    if (is(node)) found.push(node)
    ts.forEachChild(node, go)
  }
  go(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true))
  return found
}

t.test('functions of a file have the names in stack traces that they have in the sources', async (t) => {
  const lost = names.flatMap((name) => {
    const source = join(root, 'lib', name.replace(/\.js$/, '.ts'))
    if (!name.endsWith('.js')) return []
    const code = text(name)
    return nodes(source, ts.isVariableDeclaration)
      .filter(({ initializer }) => initializer !== undefined && ts.isArrowFunction(initializer))
      .filter(({ parent }) => ts.isSourceFile(parent.parent.parent))
      .map((node) => node.name.getText())
      .filter((called) => !new RegExp(`[\\s,]${called}=`).test(code))
      .map((called) => `${name}: ${called}`)
  })
  t.same(lost, [])
})

t.test('declarations have only what an export shows', async (t) => {
  const code = declarations.map((name) => text(name).replace(/\/\*[\s\S]*?\*\//g, '')).join('\n')
  const uses = new Map<string, number>()
  for (const [word] of code.matchAll(/\w+/g)) uses.set(word, (uses.get(word) ?? 0) + 1)
  const whole = Array.from(code.matchAll(/^export \* as \w+ from '\.\/(.*)\.js'/gm), ([, name]) => `${name}.d.ts`)
  const unused = declarations
    .filter((name) => !whole.includes(name))
    .flatMap((name) =>
      [...text(name).matchAll(/^(?:export )?(?:declare )?(?:const|type|interface|class) (\w+)/gm)]
        .map(([, declared = '']) => declared)
        .filter((declared) => uses.get(declared) === 1)
        .map((declared) => `${name}: ${declared}`),
    )
  t.same(unused, [])
})

t.test('declarations name what every compiler finds', async (t) => {
  for (const name of declarations) {
    const code = text(name).replace(/\/\*[\s\S]*?\*\//g, '')
    t.notMatch(code, /['"]#|\.ts['"]|reference (types|lib)/, name)
  }
})

t.test('the change log names the version and what comes next, and a release needs no secret', async (t) => {
  t.match(
    text('CHANGELOG.md'),
    new RegExp(`^## Unreleased\n[^]*^## ${manifest.version.replaceAll('.', '\\.')}\\b`, 'm'),
  )
  const workflow = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')
  t.notMatch(workflow, /secrets\.|NODE_AUTH_TOKEN/)
  t.match(workflow, /id-token: write/)
  t.match(workflow, /npm publish \.\/dist --provenance/)
})

/** The optional properties of a declaration file that cannot be given as undefined, but for those that are types only. */
const exactly = (name: string): readonly string[] =>
  nodes(join(installed, name), ts.isPropertySignature).flatMap((node) => {
    if (node.questionToken === undefined || node.type === undefined) return []
    const [property, type] = [node.name.getText(), node.type.getText()]
    return /^_[OPS]$/.test(property) || /\b(undefined|unknown)$/.test(type) ? [] : [`${property}: ${type}`]
  })

t.test('every optional value may be undefined', async (t) => {
  t.same(declarations.flatMap(exactly), [])
})

interface Message {
  readonly type: string
}
interface Publint {
  readonly publint: (options: object) => Promise<{ readonly messages: readonly Message[] }>
}

t.test('publint finds nothing to mend', needs('publint'), async (t) => {
  const { publint } = await load<Publint>('publint')
  const { messages } = await publint({ pkgDir: installed, strict: true, pack: false })
  t.same(messages, [])
})

interface Problem {
  readonly kind: string
  readonly resolutionKind?: string
}
interface Attw {
  readonly createPackageFromTarballData: (data: Uint8Array) => unknown
  readonly checkPackage: (pack: unknown) => Promise<{ readonly problems: readonly Problem[] }>
}

t.test('Are the types wrong? Not for ES modules, which the package is', needs('@arethetypeswrong/core'), async (t) => {
  const { createPackageFromTarballData, checkPackage } = await load<Attw>('@arethetypeswrong/core')
  const { problems } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
  // Without `exports` (node10) there are no subpaths, and a CommonJS module meets ES modules: both are so by design.
  t.same(
    problems.filter(({ kind, resolutionKind }) => resolutionKind !== 'node10' && kind !== 'CJSResolvesToESM'),
    [],
  )
})
