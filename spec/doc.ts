// Runs the examples of the doc comments, each a program of its own: what a line says behind `// =>` must come out.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as pullback from 'pullback'
import t from 'tap'
import ts from 'typescript'
import { output, root } from './support/run.ts'

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

/** What the line says behind `// =>`, where the statement ends that is shown there. */
const said = (code: string, statement: ts.Statement): string | undefined =>
  /^;? *\/\/ => (.+)/.exec(code.slice(statement.end))?.[1]

/**
 * The example as a module that exports pairs of what was found and what the comment says. It is read as it stands, as a reader pastes
 * it: where a line goes on with the one before, there is no statement that ends at its comment.
 */
const program = ({ code, of }: Example): string => {
  const { statements } = ts.createSourceFile(`${of}.ts`, code, ts.ScriptTarget.Latest, true)
  const body = statements.map((s) => {
    const result = said(code, s)
    return result === undefined || !ts.isExpressionStatement(s)
      ? s.getText()
      : `results.push([${s.getText().replace(/;$/, '')}, ${result}])`
  })
  return ['export const results: (readonly [unknown, unknown])[] = []', ...body, ''].join('\n;')
}

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

/** What the README's programs leave to their reader. */
const given = `
import { compose, fromNested, init, key, linear, named, relu, zeros } from 'pullback'
export const net = compose(named('L1', linear(784, 128)), relu, named('L2', linear(128, 10)))
export const { params } = init(net, key(0))
export const input = zeros([1, 784])
export const target = fromNested([1], 'int32')
`

/** The README's programs as modules: names that one neither imports nor declares are given, or come from the package. */
const readme = (): string[] =>
  [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => {
    const missing = (name: string): boolean =>
      new RegExp(`(?<!\\.)\\b${name}\\b`).test(code.replace(/\/\/.*/g, '')) &&
      !new RegExp(`(const |import .*)\\b${name}\\b`).test(code)
    const free = ['net', 'params', 'input', 'target'].filter(missing)
    const own = [...Object.keys(pullback), 'type Tensor', 'type RunOf', 'type StateFn', 'type Transformation'].filter(
      (name) => missing(name.replace('type ', '')) && !free.includes(name),
    )
    const refused = code.replace(/^(?=compose\(.*linear\(64, 10\))/m, '// @ts-expect-error\n')
    return `import { ${own.join(', ')} } from 'pullback'\nimport { ${free.join(', ')} } from './given.ts'\n${refused}`
  })

t.test('the examples compile as they stand, and those of the README', async (t) => {
  writeFileSync(join(folder, 'given.ts'), given)
  for (const [i, code] of readme().entries()) writeFileSync(join(folder, `readme.${i}.ts`), code)

  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false },
      include: ['.'],
      exclude: [],
    }),
  )
  await t.resolves(output('node_modules/.bin/tsc', ['-p', folder]))
})

t.test('whatever is exported has an example', async (t) => {
  const names = Object.entries(pullback as object).flatMap(([name, value]) =>
    Object.prototype.toString.call(value) === '[object Module]' ? Object.keys(value) : [name],
  )
  const shown = new Set(examples.map(({ of }) => of))
  t.same(
    names.filter((name) => !shown.has(name) && !name.endsWith('Error')),
    [],
  )
})
