// The same bits on every runtime that is installed here; README.md tells how to install them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packed } from '../support/packed.ts'
import { root, run } from '../support/run.ts'
import { smoke } from '../support/smoke.ts'

interface Runtime {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  /** What a program needs besides that starts workers from files. */
  readonly workers?: readonly string[]
}
const installed = (path: string): string => join(root, 'spec', 'runtime', 'node_modules', path)
const runtimes: readonly Runtime[] = [
  { name: 'Node 22', file: installed('node22/bin/node'), args: [] },
  { name: 'Node 24', file: installed('node24/bin/node'), args: [] },
  { name: 'Bun', file: installed('.bin/bun'), args: ['run'] },
  { name: 'Deno', file: installed('.bin/deno'), args: ['run'], workers: ['--allow-read'] },
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

/** Ranks that are Web Workers where there are any, and else workers of Node: one group ends well, the other does not. */
const ranks = `import * as threads from 'node:worker_threads'
import { startRanks } from 'pullback/workers'
const Worker = globalThis.Worker ?? threads.Worker
const make = () => new Worker(new URL('./rank.mjs', import.meta.url), { type: 'module' })
console.log(JSON.stringify(await startRanks(3, make, { input: 0.1 }).result))
await startRanks(3, make).result.catch((e) => console.log(e.message))
`
const rank = `import { inRank } from 'pullback/workers'
await inRank((comm, input) => {
  if (input === undefined && comm.rank === 1) throw new TypeError('no input')
  const numbers = Float64Array.of(comm.rank, input)
  comm.allReduce(numbers, 'sum')
  return [...numbers]
})
`

const users = runtimes.some(isInstalled) ? await packed() : undefined
users?.write({
  'smoke.mjs': smoke.program,
  'first.mjs': first(),
  'threaded.mjs': threaded,
  'ranks.mjs': ranks,
  'rank.mjs': rank,
})
const printed = ({ file, args, workers = [] }: Omit<Runtime, 'name'>, program: string) => {
  const more = program === 'ranks.mjs' ? workers : []
  return run('env', ['-u', 'FORCE_COLOR', 'NO_COLOR=1', file, ...args, ...more, program], users?.folder)
}

/** The programs with what they print here, found once for all runtimes. */
const programs = (
  [
    ['first.mjs', /^60 [\s\S]*L2\.W (-?\d\S* ){31}/m],
    ['threaded.mjs', /^2\n2 true /],
    ['ranks.mjs', /^(\[\[3,0\.3\d*\](,\[3,0\.3\d*\]){2}\])\nworkers: .* rank 1 .* TypeError: no input /],
  ] as const
).map(([program, expected]) => ({
  program,
  expected,
  known: users && printed({ file: process.execPath, args: [] }, program),
}))

for (const runtime of runtimes)
  t.test(`the first program of the README on ${runtime.name}, threads and ranks`, skipped(runtime), async (t) => {
    t.equal((await printed(runtime, 'smoke.mjs')).stdout, smoke.prints, 'every subpath')
    for (const { program, expected, known } of programs) {
      const here = await known
      t.match(here?.stdout, expected, `${program} tells its numbers on this Node`)
      t.same(await printed(runtime, program), here, 'and gives the same bits there')
    }
  })
