// The programs of the README and of docs/ compile and run. The `ts` blocks of a section, from one `##` to the next, are one program.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { pages } from '../support/pages.ts'
import { checked } from '../support/program.ts'
import { output, root } from '../support/run.ts'

const folder = join(root, '.tap', 'docs')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

interface Program {
  readonly page: string
  readonly title: string
  readonly code: string
}

const programs: readonly Program[] = pages.flatMap(({ path, text }) =>
  text.split(/^(?=## )/m).flatMap((section) => {
    const blocks = [...section.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
    const title = /^## (.*)/.exec(section)?.[1] ?? 'first'
    return blocks.length === 0 ? [] : [{ page: path, title, code: blocks.join('') }]
  }),
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

t.test('the programs compile as they stand', async (t) => {
  const options = {
    extends: '../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false },
    include: ['*.pasted.ts'],
    exclude: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  await t.resolves(output('node_modules/.bin/tsc', ['-p', folder]))
})

const loader = pathToFileURL(join(root, 'spec/support/ts.mjs')).href
for (const page of [...new Set(programs.map(({ page }) => page))])
  t.test(`the programs of ${page} run, with the results that they show`, async (t) => {
    const empty = mkdtempSync(join(tmpdir(), 'pullback-docs-'))
    t.teardown(() => rmSync(empty, { recursive: true }))
    const files = programs.filter((program) => program.page === page).map((program) => fileOf(program, 'run.ts'))
    const all = files.map((file) => `await import(${JSON.stringify(pathToFileURL(file).href)})`).join('\n')
    await t.resolves(output(process.execPath, [`--import=${loader}`, '--input-type=module', '-e', all], empty))
  })
