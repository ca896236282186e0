// Types of the code blocks marked `twoslash`, by the package's own declarations. VitePress renders a page up to three times, and a block
// that an earlier build has checked need not be checked again: results are kept on disk, by all that they depend on.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTwoslasher, type TwoslashReturn } from 'twoslash'
import ts from 'typescript'
import { root } from '../site/pages.ts'

const dist = join(root, 'dist')

/** The declarations of the package and of its subpaths, as its exports say. */
const exported = (): Record<string, string[]> => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly types?: string }>>
  }
  return Object.fromEntries(
    Object.entries(exports).flatMap(([path, { types }]) =>
      types === undefined ? [] : [[join('pullback', path), [join(root, types)]]],
    ),
  )
}

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: [],
  paths: exported(),
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
}

const hash = (...texts: readonly string[]): string =>
  texts
    .reduce((sum, text) => sum.update(text), createHash('sha256'))
    .digest('hex')
    .slice(0, 24)

/** Changes with every declaration of the package, with the compiler and with its options. */
const world = (): string =>
  hash(
    ts.version,
    JSON.stringify(compilerOptions),
    ...readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.d.ts'))
      .sort()
      .map((name) => readFileSync(join(dist, name), 'utf8')),
  )

/** The sentence that the library's types put where a type would stand; the compiler wraps whole types around it. */
const sentence = (message: string): string => message.match(/to parameter of type '"(.+)"'\.$/m)?.[1] ?? message

/** Checks a block of code, or remembers what an earlier check has found. */
export const twoslasher = (): ReturnType<typeof createTwoslasher> => {
  const before = world()
  const cache = join(import.meta.dirname, 'cache/twoslash')
  mkdirSync(cache, { recursive: true })
  const check = createTwoslasher({ compilerOptions, vfsRoot: join(root, 'docs') })
  const remembered = (code: string, extension = 'ts'): TwoslashReturn => {
    const file = join(cache, `${hash(before, extension, code)}.json`)
    try {
      return JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      const { nodes, code: shown, meta } = check(code, extension)
      const said = nodes.map((node) => (node.type === 'error' ? { ...node, text: sentence(node.text) } : node))
      const result = { nodes: said, code: shown, meta } as unknown as TwoslashReturn
      writeFileSync(file, JSON.stringify(result))
      return result
    }
  }
  return Object.assign(remembered, check)
}
