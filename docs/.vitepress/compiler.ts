// What the compiler knows of the programs of the pages. They are the files of one program: the declarations of the package and of its
// platform are read once, and what has been found out about a type serves every block that has it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { sentenceOf } from '../playground/compiler/sentence.ts'
import { root } from '../site/pages.ts'

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

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  paths: exported(),
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
}

/** A piece of a type, and what it is: a keyword, the name of a type, punctuation. */
export interface Part {
  readonly text: string
  readonly kind: string
}

/** A name in a program, with its type. */
export interface Typed {
  readonly start: number
  readonly end: number
  readonly parts: readonly Part[]
}

/** What the compiler refuses in a program, and why. */
export interface Refusal {
  readonly start: number
  readonly end: number
  readonly sentence: string
}

/** Without the kind of symbol in front, such as `(alias)`, and without the line about its import or export at the end. */
const plain = (parts: readonly Part[]): readonly Part[] => {
  const first = parts[0]?.text === '(' && parts[1]?.kind === 'text' ? 4 : 0
  const end = parts.findIndex(
    ({ text }, i) => /^(?:im|ex)port$/.test(text) && (i === 0 || parts[i - 1]?.kind === 'lineBreak'),
  )
  return parts.slice(first, end < 0 ? undefined : Math.max(first, end - 1))
}

export interface Compiler {
  /** Adds a program, or gives the one of that name another text. */
  readonly put: (name: string, text: string) => void
  /** The names in a part of a program, counted from where the part begins, with their types. */
  readonly typed: (name: string, begin: number, length: number) => readonly Typed[]
  /** What is wrong with a program. */
  readonly refusals: (name: string) => readonly Refusal[]
}

const childrenOf = (node: ts.Node): readonly ts.Node[] => {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => void children.push(child))
  return children
}

const namesIn = (node: ts.Node): readonly ts.Node[] =>
  ts.isIdentifier(node) ? [node] : childrenOf(node).flatMap(namesIn)

export const startCompiler = (): Compiler => {
  const texts = new Map<string, string>()
  const fileOf = (name: string): string => join(root, 'docs', name)
  const read = (file: string): string | undefined => texts.get(file) ?? ts.sys.readFile(file)
  let changes = 0
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getProjectVersion: () => `${changes}`,
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: (file) => texts.get(file) ?? '',
    getScriptSnapshot: (file) => {
      const text = read(file)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    readFile: read,
    fileExists: (file) => texts.has(file) || ts.sys.fileExists(file),
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  })
  return {
    put: (name, text) => {
      if (texts.get(fileOf(name)) === text) return
      texts.set(fileOf(name), text)
      changes += 1
    },
    typed: (name, begin, length) => {
      const source = service.getProgram()?.getSourceFile(fileOf(name))
      if (source === undefined) return []
      return namesIn(source).flatMap((node) => {
        const at = node.getStart(source)
        if (at < begin || at >= begin + length) return []
        const parts = plain(service.getQuickInfoAtPosition(source.fileName, at)?.displayParts ?? [])
        return parts.length === 0 ? [] : [{ start: at - begin, end: node.getEnd() - begin, parts }]
      })
    },
    refusals: (name) =>
      service.getSemanticDiagnostics(fileOf(name)).map(({ start = 0, length = 0, messageText }) => ({
        start,
        end: start + length,
        sentence: sentenceOf(messageText),
      })),
  }
}
