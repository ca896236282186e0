// Programs in documents: what a line says behind `// =>` must come out.
import ts from 'typescript'

/** What the line says behind `// =>`, where the statement ends that is shown there. */
const said = (code: string, statement: ts.Statement): string | undefined =>
  /^;? *\/\/ => (.+)/.exec(code.slice(statement.end))?.[1]

/**
 * The statements of a program as text, each expression that a comment gives a result for put through `check`. The program is read as it
 * stands, as a reader pastes it: where a line goes on with the one before, there is no statement that ends at its comment.
 */
export const checked = (code: string, check: (found: string, expected: string) => string): readonly string[] =>
  ts.createSourceFile('program.ts', code, ts.ScriptTarget.Latest, true).statements.map((statement) => {
    const result = said(code, statement)
    return result === undefined || !ts.isExpressionStatement(statement)
      ? statement.getFullText()
      : check(statement.getText().replace(/;$/, ''), result)
  })
