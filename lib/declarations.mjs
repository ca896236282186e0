// Leaves in declarations only what users can see: what the package exports, and what that names, from file to file. The
// rest is exported for other files of the library.
import { writeFileSync } from 'node:fs'
import ts from 'typescript'

const options = { module: ts.ModuleKind.NodeNext, noLib: true, types: [] }

/** The statement of a file that something stands in. */
const statementOf = (node) => (ts.isSourceFile(node.parent) ? node : statementOf(node.parent))
/** The names in a part of a program. */
const namesIn = (node) => {
  const inside = []
  ts.forEachChild(node, (child) => void inside.push(...namesIn(child)))
  return ts.isIdentifier(node) ? [node] : inside
}

/** The statements that the exports of entries lead to, and those that give types to other packages. */
const statementsShown = (checker, files, entries) => {
  const shown = new Set()
  const show = (statement) => {
    if (shown.has(statement)) return
    shown.add(statement)
    for (const name of namesIn(statement)) follow(checker.getSymbolAtLocation(name))
  }
  const follow = (symbol) => {
    const meant = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    for (const declaration of meant?.declarations ?? [])
      if (ts.isSourceFile(declaration)) checker.getExportsOfModule(meant).forEach(follow)
      else show(statementOf(declaration))
  }
  for (const entry of entries) follow(checker.getSymbolAtLocation(entry))
  for (const file of files) file.statements.filter(ts.isModuleDeclaration).forEach(show)
  return shown
}

/** An import of the names that are used, if any is. */
const importOf = (statement, used) => {
  const named = statement.importClause?.namedBindings
  if (named === undefined || !ts.isNamedImports(named)) return statement.getFullText()
  const kept = named.elements.filter(({ name }) => used.has(name.text)).map((element) => element.getText())
  return kept.length === 0 ? '' : statement.getFullText().replace(named.getText(), `{ ${kept.join(', ')} }`)
}

/** A file with the statements that are shown, and those that export what other files declare. */
const trimmed = (file, shown) => {
  const kept = file.statements.filter((statement) => ts.isExportDeclaration(statement) || shown.has(statement))
  const used = new Set(kept.flatMap(namesIn).map(({ text }) => text))
  const imports = file.statements.filter(ts.isImportDeclaration).map((statement) => importOf(statement, used))
  return [...imports, ...kept.map((statement) => statement.getFullText())].join('').trim()
}

/** Trims the files of declarations at the paths, of which users import from the entries. */
export const trimDeclarations = (paths, entries) => {
  const program = ts.createProgram(paths, options)
  const files = paths.map(program.getSourceFile)
  const shown = statementsShown(program.getTypeChecker(), files, entries.map(program.getSourceFile))
  for (const file of files) writeFileSync(file.fileName, `${trimmed(file, shown)}\n`)
}
