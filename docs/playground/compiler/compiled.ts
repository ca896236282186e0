// A program as JavaScript. A worker knows no import map, so the names of modules become marks that the page replaces
// by addresses.
import ts from 'typescript'
import { markOf, modules } from '../modules.ts'
import { optionsOf, programName } from './options.ts'

const marked: ts.TransformerFactory<ts.SourceFile> = (context) => (file) =>
  ts.visitEachChild(
    file,
    (node) => {
      if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return node
      const name = node.moduleSpecifier.text
      if (!modules.includes(name as never))
        throw new Error(`A program here can import ${modules.map((m) => `'${m}'`).join(' and ')}, not '${name}'.`)
      const literal = context.factory.createStringLiteral(markOf(name))
      return context.factory.updateImportDeclaration(node, node.modifiers, node.importClause, literal, node.attributes)
    },
    context,
  )

export const compiled = (text: string): string =>
  ts.transpileModule(text, {
    compilerOptions: { ...optionsOf(ts), noEmit: false, allowImportingTsExtensions: false },
    fileName: programName,
    transformers: { before: [marked] },
  }).outputText
