// The programs of the README and of docs/ compile and run. The `ts` blocks of a section, from one `##` to the next, are one program;
// a block with `// @errors: …` is compiled alone, has just these errors, and is not run.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { blocksOf, sectionsOf } from '../../docs/site/block.ts'
import { pages } from '../../docs/site/pages.ts'
import { distPaths, makeDist } from '../support/dist.ts'
import { checked } from '../support/program.ts'
import { output, root, run } from '../support/run.ts'

const folder = join(root, '.tap', 'docs')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

interface Program {
  readonly page: string
  readonly title: string
  readonly code: string
}

/** A program that does not compile, with the codes of its errors. */
interface Refused extends Program {
  readonly errors: readonly string[]
}

/** The programs that run, one for each section, and the blocks that the compiler is shown to refuse, each alone. */
const programs: readonly Program[] = pages.flatMap(({ path, text }) =>
  sectionsOf(text).flatMap(({ title, text }) => {
    const blocks = blocksOf(text).filter(({ errors }) => errors.length === 0)
    return blocks.length === 0 ? [] : [{ page: path, title, code: blocks.map(({ code }) => code).join('') }]
  }),
)
const refused: readonly Refused[] = pages.flatMap(({ path, text }) =>
  blocksOf(text)
    .filter(({ errors }) => errors.length > 0)
    .map(({ code, errors }, i) => ({ page: path, title: `${i + 1}`, code, errors })),
)

const fileOf = ({ page, title }: Program, kind: string): string =>
  join(folder, `${page}.${title.replace(/\W+/g, '-')}.${kind}`.replace(/\//g, '.'))

/** The program with its results compared, in one module. */
const compared = ({ code }: Program): string =>
  [
    "import { deepStrictEqual } from 'node:assert'",
    ...checked(code, (found, said) => `\ndeepStrictEqual(${found}, ${said})`),
  ].join('\n')

for (const program of programs) {
  writeFileSync(fileOf(program, 'pasted.ts'), `${program.code}\nexport {}\n`)
  writeFileSync(fileOf(program, 'run.ts'), compared(program))
}
for (const program of refused) writeFileSync(fileOf(program, 'refused.ts'), `${program.code}\nexport {}\n`)

t.test('the programs compile as they stand, and the others have the errors that they show', async (t) => {
  const options = {
    extends: '../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false, paths: distPaths() },
    include: ['*.pasted.ts', '*.refused.ts'],
    exclude: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  await makeDist()
  const { stdout } = await run('node_modules/.bin/tsc', ['-p', folder, '--pretty', 'false'])
  const errors = [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error TS(\d+): .*/gm)].map(([line, file = '', code = '']) => ({
    line,
    file: basename(file),
    code,
  }))
  t.same(
    errors.filter(({ file }) => !file.endsWith('.refused.ts')).map(({ line }) => line),
    [],
  )
  for (const program of refused) {
    const own = errors.filter(({ file }) => file === basename(fileOf(program, 'refused.ts')))
    t.same(
      [...new Set(own.map(({ code }) => code))].sort(),
      [...program.errors].sort(),
      `${program.page}: ${program.code}`,
    )
  }
})

/** The pages of a folder share a process, which takes longer to start than most programs to run; a page that sets the engine has its own. */
const groupOf = (page: string): string => {
  const setsEngine = programs.some((program) => program.page === page && /\b(?:useEngine|threads)\(/.test(program.code))
  return setsEngine || !page.includes('/') ? page : dirname(page)
}

const loader = pathToFileURL(join(root, 'spec/support/ts.mjs')).href
const withPrograms = [...new Set(programs.map(({ page }) => page))]
for (const group of new Set(withPrograms.map(groupOf)))
  t.test(`the programs of ${group} run, with the results that they show`, async (t) => {
    const empty = mkdtempSync(join(tmpdir(), 'pullback-docs-'))
    t.teardown(() => rmSync(empty, { recursive: true }))
    const all = withPrograms
      .filter((page) => groupOf(page) === group)
      .flatMap((page) => {
        const own = join(empty, basename(page))
        mkdirSync(own)
        const files = programs.filter((program) => program.page === page).map((program) => fileOf(program, 'run.ts'))
        const imported = files.map((file) => `await import(${JSON.stringify(pathToFileURL(file).href)})`)
        return [`process.chdir(${JSON.stringify(own)})`, ...imported]
      })
    // As a file, since the workers that a program starts get the options of Node too.
    const file = join(folder, `${group}.all.mjs`.replace(/\//g, '.'))
    writeFileSync(file, all.join('\n'))
    await t.resolves(output(process.execPath, [`--import=${loader}`, file]))
  })
