// Runs the examples of the doc comments, each a program of its own: what a line says behind `// =>` must come out.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as pullback from 'pullback'
import * as chart from 'pullback/chart'
import * as interop from 'pullback/interop'
import * as numpy from 'pullback/numpy'
import * as onnx from 'pullback/onnx'
import * as reference from 'pullback/reference'
import * as relaxed from 'pullback/relaxed'
import * as table from 'pullback/table'
import * as workers from 'pullback/workers'
import t from 'tap'
import { distPaths, makeDist } from '../support/dist.ts'
import { checked } from '../support/program.ts'
import { output, root } from '../support/run.ts'

const folder = join(root, '.tap', 'doc')
const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

interface Example {
  readonly file: string
  readonly of: string
  readonly code: string
}

/** A doc comment with an example, and the name that is declared behind it. */
const documented =
  /\/\*\*((?:(?!\*\/)[\s\S])*?@example(?:(?!\*\/)[\s\S])*)\*\/\s*export (?:async )?(?:const|function\*?) (\w+)/g

const examplesIn = (file: string): readonly Example[] =>
  [...readFileSync(join(root, 'lib', file), 'utf8').matchAll(documented)].map(([, comment = '', of = '']) => ({
    file,
    of,
    code: (comment.split('@example')[1] ?? '').replace(/^ ?\* ?/gm, '').trim(),
  }))

/** The example as a module that exports pairs of what was found and what the comment says. */
const program = ({ code }: Example): string =>
  [
    'export const results: (readonly [unknown, unknown])[] = []',
    ...checked(code, (found, said) => `\nresults.push([${found}, ${said}])`),
    '',
  ].join('\n;')

const examples = files.flatMap(examplesIn)
const pathOf = ({ file, of }: Example, kind: 'run' | 'pasted'): string =>
  join(folder, `${file.replace(/\//g, '.').replace(/\.ts$/, '')}.${of}.${kind}.ts`)

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const example of examples) {
  writeFileSync(pathOf(example, 'run'), program(example))
  writeFileSync(pathOf(example, 'pasted'), `${example.code}\n`)
}

t.test('the examples run', async (t) => {
  for (const example of examples) {
    const { results } = (await import(pathToFileURL(pathOf(example, 'run')).href)) as {
      readonly results: readonly (readonly [unknown, unknown])[]
    }
    t.ok(results.length > 0, `${example.of} shows a result`)
    t.equal(results.length, example.code.match(/\/\/ => /g)?.length, `${example.of}: each result has a line of its own`)
    for (const [found, said] of results) t.same(found, said, `${example.file}: ${example.of}`)
  }
})

t.test('the examples compile as they stand', async (t) => {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, paths: distPaths() },
      include: ['.'],
      exclude: [],
    }),
  )
  await makeDist()
  await t.resolves(output('node_modules/.bin/tsc', ['-p', folder]))
})

t.test('every export has an example', async (t) => {
  const names = Object.entries({
    ...pullback,
    ...chart,
    ...reference,
    ...relaxed,
    ...table,
    ...numpy,
    ...onnx,
    ...interop,
    ...workers,
  } as object).flatMap(([name, value]) =>
    Object.prototype.toString.call(value) === '[object Module]' ? Object.keys(value) : [name],
  )
  const shown = new Set(examples.map(({ of }) => of))
  t.same(
    names.filter((name) => !shown.has(name) && !name.endsWith('Error')),
    [],
  )
})
