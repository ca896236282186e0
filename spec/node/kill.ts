// A process that saves checkpoints is killed at random moments: whatever it has announced is there. 100 times, or as often as fits in a quarter
// of a minute of a machine that is busy; or as many times as KILLS says, however long it takes.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toTypedArray, zeros } from 'pullback'
import t from 'tap'
import { readCheckpoint } from '../../lib/node/checkpoint.ts'
import { bundle } from '../support/bundle.ts'

const asked = process.env.KILLS
const kills = Number(asked ?? 100)
if (asked !== undefined) t.setTimeout(0)
const end = asked === undefined ? Date.now() + 15_000 : Number.POSITIVE_INFINITY
const root = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(root, { recursive: true }))
const program = join(root, 'saver.mjs')
const size = 20_000

await bundle(
  `
import { writeSync } from 'node:fs'
import { full } from './lib/tensor/create.ts'
import { writeCheckpoint } from './lib/node/checkpoint.ts'
const [folder, from] = process.argv.slice(2)
for (let step = Number(from); ; step++) {
  await writeCheckpoint(folder, { step, W: full([${size}], step) }, { keep: 2, best: step % 3 === 0, extra: { step } })
  writeSync(1, step + '\\n')
}
`,
  program,
)

interface Run {
  readonly child: ChildProcess
  /** Ends when the first step has been announced. */
  readonly begun: Promise<void>
  /** The last step that was announced, once the process is dead. */
  readonly last: Promise<number>
}

const save = (folder: string, from: number): Run => {
  const child = spawn('env', ['-i', process.execPath, program, folder, `${from}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const begun = new Promise<void>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the process ended before it had saved step ${from}`)))
    child.stdout.on('data', (data) => {
      said += data
      if (said.includes('\n')) resolve()
    })
  })
  const last = new Promise<number>((resolve) =>
    child.on('close', () => resolve(Number(said.split('\n').slice(0, -1).at(-1) ?? Number.NaN))),
  )
  return { child, begun, last }
}
const template = { step: 0, W: zeros([size]) }

/** The step of a checkpoint, all of whose parts are of that step. */
const stepOf = async (folder: string, which: 'latest' | 'best'): Promise<number> => {
  const { training, extra } = await readCheckpoint(folder, template, { which, extra: { step: 0 } })
  const { step, W } = training
  if (extra.step !== step || !toTypedArray(W).every((x) => x === step)) throw new Error(`step ${step} is torn`)
  return step
}

/** The same moments each time, from a seed. */
const moments = (seed: number) => {
  let s = seed
  return (): number => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return s / 2 ** 32
  }
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const draftsIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.tmp'))

/** Kills one process after the other, each of which goes on from what is there; how many, and how many drafts were left behind. */
const killing = async (
  folder: string,
  times: number,
  seed: number,
): Promise<readonly [kills: number, drafts: number]> => {
  const random = moments(seed)
  const dead: number[] = []
  let next = 0
  let litter = 0
  for (let i = 0; i < times && Date.now() < end; i++) {
    const { child, begun, last } = save(folder, next)
    await begun
    const left = (await draftsIn(folder)).filter((name) => dead.some((pid) => name.includes(`.${pid}.`)))
    if (left.length > 0) throw new Error(`after a save there is litter: ${left}`)
    await wait(12 * random())
    child.kill('SIGKILL')
    const announced = await last
    dead.push(child.pid as number)
    litter += (await draftsIn(folder)).length
    const found = await stepOf(folder, 'latest')
    if (!(found >= announced)) throw new Error(`step ${announced} was announced, and step ${found} is there`)
    if (announced >= 3 && (await stepOf(folder, 'best')) < announced - (announced % 3))
      throw new Error('the best that was announced is gone')
    next = found + 1
  }
  return [dead.length, litter]
}

t.test('killed processes lose no announced checkpoint, tear no file and leave no drafts', async (t) => {
  const each = Math.ceil(kills / 2)
  const done = await Promise.all([1, 2].map((seed) => killing(join(root, `${seed}`), each, seed)))
  const sum = (i: 0 | 1): number => done.reduce((n, pair) => n + pair[i], 0)
  t.comment(`${sum(0)} processes were killed, and ${sum(1)} drafts were left behind`)
  t.ok(sum(0) >= (asked === undefined ? 20 : kills))
  t.ok(sum(1) > 0, 'some were killed while they wrote')
})

t.test('two processes save to one folder', async (t) => {
  const random = moments(3)
  const folder = join(root, 'shared')
  let next = 0
  for (let i = 0; i < 5; i++) {
    const both = [save(folder, next), save(folder, next + 2)]
    await Promise.all(both.map(({ begun }) => begun))
    await wait(30 * random())
    for (const { child } of both) child.kill('SIGKILL')
    const announced = Math.max(...(await Promise.all(both.map(({ last }) => last))))
    const found = await stepOf(folder, 'latest')
    t.ok(found >= announced, `step ${announced} was announced, and step ${found} is there`)
    next = found + 1
  }
  const { child, begun, last } = save(folder, next)
  await begun
  child.kill('SIGKILL')
  await last
  t.ok((await draftsIn(folder)).length <= 1, 'what the two have left behind is swept')
})
