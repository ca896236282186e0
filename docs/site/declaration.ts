// What the built package declares under a name: the signature as it is written, and the doc comment; with its examples, which are
// in the sources only.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Entry } from '../api.ts'
import { root } from './pages.ts'

export interface Declared {
  readonly signature: string
  readonly doc: string
  readonly examples: readonly string[]
}

const namesOf = (statement: ts.Statement): readonly string[] =>
  ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name.getText())
    : 'name' in statement && statement.name !== undefined
      ? [(statement.name as ts.Identifier).text]
      : []

const isHidden = (statement: ts.Statement): boolean =>
  (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
  !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

const textOf = (comment: Parameters<typeof ts.getTextOfJSDocComment>[0]): string =>
  ts.getTextOfJSDocComment(comment)?.trim() ?? ''

/** Types of other files are named without the file that they come from. */
const signatureOf = (statement: ts.Statement): string => statement.getText().replace(/import\("[^"]+"\)\./g, '')

/** A type that the file keeps to itself, where the whole of an export has it: the reader sees what it says. */
const ownType = (statement: ts.Statement): readonly ts.Statement[] => {
  if (!ts.isVariableStatement(statement)) return []
  const type = statement.declarationList.declarations[0]?.type
  if (type === undefined || !ts.isTypeReferenceNode(type)) return []
  const named = [type.typeName, ...(type.typeArguments ?? [])].map((node) => node.getText())
  return statement
    .getSourceFile()
    .statements.filter((other) => isHidden(other) && namesOf(other).some((name) => named.includes(name)))
}

const commentsOf = (statements: readonly ts.Statement[]): readonly ts.JSDoc[] =>
  statements.flatMap((statement) => ts.getJSDocCommentsAndTags(statement)).filter(ts.isJSDoc)

const declared = (statements: readonly ts.Statement[], sources: readonly ts.Statement[]): Declared => {
  const comments = commentsOf(statements)
  const tags = comments.flatMap(({ tags }) => tags ?? [])
  const told = tags.filter(ts.isJSDocParameterTag).map((tag) => `- \`${tag.name.getText()}\`: ${textOf(tag.comment)}`)
  return {
    signature: [...statements.flatMap(ownType), ...statements].map(signatureOf).join('\n'),
    doc: [...comments.map(({ comment }) => textOf(comment)), told.join('\n')]
      .filter((part) => part !== '')
      .join('\n\n'),
    examples: commentsOf(sources)
      .flatMap(({ tags }) => tags ?? [])
      .filter((tag) => tag.tagName.text === 'example')
      .map(({ comment }) => textOf(comment)),
  }
}

const files = new Map<string, ts.SourceFile>()

/** A file, read once. */
const parsed = (path: string): ts.SourceFile => {
  const known = files.get(path)
  if (known !== undefined) return known
  const read = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  files.set(path, read)
  return read
}

/** The declarations of a file of lib/, as the build has written them. */
const declarations = (file: string): ts.SourceFile => {
  const path = join(root, file.replace(/^lib/, 'dist').replace(/\.ts$/, '.d.ts'))
  if (!existsSync(path)) throw new Error(`dist/ has no declarations of ${file}: npm run build makes them`)
  return parsed(path)
}
const under = (file: ts.SourceFile, name: string): readonly ts.Statement[] =>
  file.statements.filter((statement) => namesOf(statement).includes(name))

/** Signatures with lines that fit a page; all at once, since to start the formatter takes the longest. */
const formatted = (signatures: readonly string[]): readonly string[] => {
  const mark = '// the next signature'
  const options = ['format', '--line-width=80', '--stdin-file-path=signatures.d.ts']
  return execFileSync(join(root, 'node_modules/.bin/biome'), options, {
    cwd: root,
    input: signatures.join(`\n${mark}\n`),
    encoding: 'utf8',
  })
    .split(mark)
    .map((text) => text.trim().replace(/^(?:export )?(?:declare )?/gm, ''))
}

/** What the package declares for each of its exports, in their order. */
export const declarationsOf = (entries: readonly Entry[]): readonly Declared[] => {
  const found = entries.map(({ own, file, name }) => {
    const statements = under(declarations(file), own)
    if (statements.length === 0)
      throw new Error(`${file} has no declaration of ${name} in dist/: npm run build makes it`)
    return declared(statements, under(parsed(join(root, file)), own))
  })
  const signatures = formatted(found.map(({ signature }) => signature))
  return found.map((one, i) => ({ ...one, signature: signatures[i] as string }))
}
