// The same bits on every runtime that is installed here; README.md tells how to install them.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { output, root, run } from '../support/run.ts'

interface Runtime {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
}
const here = join(root, 'spec', 'runtime')
const installed = (path: string): string => join(here, 'node_modules', path)
const runtimes: readonly Runtime[] = [
  { name: 'Node 22', file: installed('node22/bin/node'), args: [] },
  { name: 'Node 24', file: installed('node24/bin/node'), args: [] },
  { name: 'Bun', file: installed('.bin/bun'), args: ['run'] },
  { name: 'Deno', file: installed('.bin/deno'), args: ['run'] },
]
const isInstalled = ({ file }: Runtime): boolean => existsSync(file)
const skipped = (runtime: Runtime): { readonly skip?: string } =>
  isInstalled(runtime) ? {} : { skip: `${runtime.name} is not installed: npm ci --prefix spec/runtime` }

/** The first program of the README, and every number that it has learnt. */
const first = (): string => {
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  return `import { toTypedArray, tree } from 'pullback'
${program}
for (const [path, tensor] of tree.entries(state.params)) console.log(path.join('.'), toTypedArray(tensor).join(' '))`
}

const threaded = `import { engine, op, random, threads, toTypedArray } from 'pullback'
const x = random.normal(random.key(0), [128, 128])
const one = toTypedArray(op.matmul(x, x))
console.log(threads(2))
op.matmul(x, x)
await new Promise((resolve) => setTimeout(resolve, 500))
const two = toTypedArray(op.matmul(x, x))
console.log(engine().threads, one.every((number, i) => Object.is(number, two[i])), one.join(' '))
`

/** The package as it is installed, in a folder of its own, with the programs. */
const makeFolder = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'pullback-runtime-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const own = join(folder, 'node_modules', 'pullback')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'package.json'), readFileSync(join(root, 'package.json')))
  await output('node_modules/.bin/tsc', ['-p', 'lib', '--outDir', join(own, 'dist')])
  for (const name of ['fp-ts', 'io-ts', 'ndarray', 'iota-array', 'is-buffer'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "pullback": "*" } }')
  writeFileSync(join(folder, 'first.mjs'), first())
  writeFileSync(join(folder, 'threaded.mjs'), threaded)
  return folder
}

const folder = runtimes.some(isInstalled) ? await makeFolder() : ''
const printed = (runtime: Pick<Runtime, 'file' | 'args'>, program: string) =>
  run('env', ['-u', 'FORCE_COLOR', 'NO_COLOR=1', runtime.file, ...runtime.args, program], folder)

for (const runtime of runtimes)
  t.test(`the first program of the README on ${runtime.name}, and threads`, skipped(runtime), async (t) => {
    for (const [program, expected] of [
      ['first.mjs', /^60 [\s\S]*L2\.W (-?\d\S* ){31}/m],
      ['threaded.mjs', /^2\n2 true /],
    ] as const) {
      const here = await printed({ file: process.execPath, args: [] }, program)
      t.match(here.stdout, expected, `${program} tells its numbers on this Node`)
      t.same(await printed(runtime, program), here, 'and gives the same bits there')
    }
  })
