// docs/errors.md has a section for each code, and what its examples show is what comes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as pullback from 'pullback'
import { TableError } from 'pullback/table'
import t from 'tap'
import ts from 'typescript'
import { slowedDown } from '../../lib/node/openblas.ts'
import { pullback as command, flowers } from '../support/command.ts'
import { root } from '../support/run.ts'

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
const codes = [...readFileSync(join(root, 'lib/error/codes.ts'), 'utf8').matchAll(/^ {2}\| '([a-z-]+)'$/gm)].map(
  ([, code = '']) => code,
)

/** An example: its program, and what it says behind it. */
interface Section {
  readonly code: string
  readonly cause: string
  readonly language: string
  readonly program: string
  readonly remedy: string
}

const sections: readonly Section[] = page.split(/^(?=##)/m).flatMap((text) =>
  [...text.matchAll(/^### (.+)\n\n([\s\S]+?)\n\n```(\w+)\n([\s\S]+?)```\n\n([\s\S]+)/g)].map(
    ([, code = '', cause = '', language = '', program = '', remedy = '']) => ({
      code,
      cause,
      language,
      program,
      remedy,
    }),
  ),
)

const folder = join(root, '.tap', 'errors')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** The program with its last expression as what it exports, and the comment behind it. */
const taken = (program: string): readonly [module: string, said: string] => {
  const { statements } = ts.createSourceFile('example.js', program, ts.ScriptTarget.Latest, true)
  const last = statements[statements.length - 1] as ts.Statement
  const said = program.slice(last.end).replace(/^\/\/ /gm, '')
  return [`${program.slice(0, last.getStart())}export default ${last.getText()}\n`, oneLine(said)]
}

/** The error that is thrown or on the left side; undefined if there is none. */
const errorOf = async (file: string): Promise<unknown> => {
  try {
    const { default: result } = (await import(pathToFileURL(file).href)) as { readonly default: unknown }
    const { _tag, left } = result as { readonly _tag?: unknown; readonly left?: unknown }
    return _tag === 'Left' ? left : undefined
  } catch (e) {
    return e
  }
}

t.test('every code has a section with its cause, its example and its remedy, and no other has', async (t) => {
  t.ok(codes.length > 30, `${codes.length} codes`)
  t.same([...sections.map(({ code }) => code)].sort(), [...codes].sort())
})

for (const { code, program } of sections.filter(({ language }) => language === 'js'))
  t.test(`the example of ${code}`, async (t) => {
    const [module, said] = taken(program)
    const file = join(folder, `${code}.mjs`)
    writeFileSync(file, module)
    const found = await errorOf(file)
    const text = Array.isArray(found) ? pullback.showIssues(found) : String(found)
    const [before = '', after = ''] = said.split('…')
    if (said.includes('named(…)') || after === '') t.equal(oneLine(text), said)
    else t.ok(oneLine(text).startsWith(before) && oneLine(text).endsWith(after), text)
    t.ok(text.endsWith(` [${code}]`), 'the message ends with the code')
    t.equal((Array.isArray(found) ? found[0] : found).code, code, 'and a field has it')
  })

t.test('the command ends its line with the code', async (t) => {
  const { program = '' } = sections.find(({ code }) => code === 'usage') ?? {}
  const { stderr } = await command('train', flowers)
  t.equal(program, `pullback train flowers.csv\n# ${stderr}`)
})

t.test('the warning of an engine has the code', async (t) => {
  const { program = '' } = sections.find(({ code }) => code === 'slow-engine') ?? {}
  const warning = slowedDown('Haswell', 'avx512f', 'Haswell')
  t.equal(oneLine(program), `[slow-engine] Warning: ${warning}`)
  t.match(readFileSync(join(root, 'lib/node/native.ts'), 'utf8'), /emitWarning\(warning, \{ code: 'slow-engine'/)
})

t.test('every class of errors is listed', async (t) => {
  const classes = [...Object.keys(pullback).filter((name) => name.endsWith('Error')), TableError.name]
  for (const name of classes.filter((name) => name !== 'TensorError')) t.ok(page.includes(`| \`${name}\` |`), name)
})
