// Runs of several ranks end in the bytes of a single one, and go on after whatever has ended them.
import type { ChildProcess } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unknown } from 'io-ts'
import { fromBytes } from 'pullback'
import tap, { type Test } from 'tap'
import { flowers, folder, left, program, pullback, reached } from '../support/command.ts'
import { mpirun, type Ranks, withoutMpi } from '../support/ranks.ts'
import { run } from '../support/run.ts'

const skip = { skip: withoutMpi }
const endless = [
  'train',
  flowers,
  '--target',
  'species',
  '--schedule',
  'constant',
  '--checkpoint-every',
  '1',
  '--quiet',
]
const words = [...endless, '--epochs', '12']
const exact = [...words, '--exact']

/** The command on so many ranks. */
const ranks = (n: number, args: readonly string[], begun?: (mpirun: ChildProcess) => void): Promise<Ranks> =>
  mpirun(n, [...program, ...args], { cwd: folder, ...(begun && { begun }) })

const filesIn = (out: string): readonly string[] =>
  existsSync(join(folder, out)) ? readdirSync(join(folder, out), { recursive: true, encoding: 'utf8' }) : []

/** Goes on with a run on so many ranks, and compares what it leaves with what a single process does. */
const goesOn = async (t: Test, out: string, n: number, epochs = '12', straight = 'straight'): Promise<void> => {
  const args = [...endless, '--exact', '--epochs', epochs, '--out', out, '--resume']
  const { code, ...ended } = n === 1 ? await pullback(...args) : await ranks(n, args)
  t.equal(code, 0, JSON.stringify(ended))
  t.same(left(out), left(straight), `${out} on ${n}`)
  t.notMatch(filesIn(out).join('\n'), /\.tmp$/m, 'no drafts are left')
}

tap.test('a single process', skip, async (t) => {
  const outs = await Promise.all([
    pullback(...exact, '--out', 'straight'),
    pullback(...words, '--dropout', '0', '--out', 'plain'),
  ])
  t.same(
    outs.map(({ code }) => code),
    [0, 0],
  )
})

/** The seconds that a run of several ranks lasts. */
let lasting = 0

for (const n of [2, 3])
  tap.test(`${n} ranks leave the same bytes with --exact`, skip, async (t) => {
    const { code, printed, said, seconds } = await ranks(n, [...exact, '--out', `${n}`])
    if (n === 2) lasting = seconds
    t.equal(code, 0, said.join(''))
    t.same([...printed, ...said], Array(2 * n).fill(''))
    t.same(left(`${n}`), left('straight'))
  })

tap.test('without --exact nearly the same; rank 0 alone prints', skip, async (t) => {
  const loud = [...words.filter((word) => word !== '--quiet'), '--dropout', '0', '--out', 'near']
  const { code, printed, said } = await ranks(2, loud)
  t.equal(code, 0, said.join(''))
  t.match(printed[0], /120 rows to learn from[\s\S]*the model of epoch/)
  t.match(said[0], /^epoch 12\/12 /m)
  t.same([printed[1], said[1]], ['', ''])
  const [one, two] = ['plain', 'near'].map((out) => left(out)[2] as Readonly<Record<string, readonly number[]>>)
  for (const [name, column] of Object.entries(one ?? {}))
    column.forEach((x, i) => {
      const y = two?.[name]?.[i] as number
      t.ok(Math.abs(x - y) <= 1e-5 * Math.max(1, Math.abs(x)), `${name} ${i}: ${x} and ${y}`)
    })
})

tap.test('interrupted on 2 ranks, a run goes on with 3 or 1', skip, async (t) => {
  const args = [...endless, '--exact', '--epochs', '1000000', '--out', 'ended']
  const ended = await ranks(2, args, async (mpirun) => {
    await reached('ended', 1)
    mpirun.kill('SIGINT')
  })
  t.not(ended.code, 0)
  t.equal(ended.said[1], '')
  const said = /^interrupted after step \d+, in epoch (\d+); to go on:\n {2}pullback train .* --resume\n$/
  const epochs = `${Number(said.exec(ended.said[0] ?? '')?.[1]) + 4}`
  t.match(ended.said[0], said)
  t.equal((await pullback(...endless, '--exact', '--epochs', epochs, '--out', 'further')).code, 0)
  for (const n of [3, 1]) {
    cpSync(join(folder, 'ended'), join(folder, `ended${n}`), { recursive: true })
    await goesOn(t, `ended${n}`, n, epochs, 'further')
  }
})

/** The processes of the ranks that mpirun has started on this machine. */
const pidsOf = async ({ pid }: ChildProcess, n: number): Promise<readonly number[]> => {
  for (let tries = 0; tries < 1000; tries++) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    if (children.length === n) return children.map(Number)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`mpirun has not started ${n} ranks`)
}

/** A random number from 0 to n − 1. */
const below = (n: number): number => Math.floor(n * Math.random())

const kills = Number(process.env.KILLS ?? 3)
const byProc = existsSync('/proc/self/task') ? skip : { skip: 'the ranks are found by /proc' }
tap.test('a rank that is killed at any moment ends all, and the run goes on', byProc, async (t) => {
  for (const test of [tap, t]) test.setTimeout(60_000 * (2 + kills))
  for (let i = 0; i < kills; i++) {
    const [out, n, resumed] = [`killed${i}`, i % 3 === 2 ? 3 : 2, [1, 2, 1, 3][i % 4] as number]
    const [which, epoch] = [below(n), below(16) - 3] // before the first epoch the ranks start, behind the last they write
    const pause = epoch <= 0 ? below(1000 * lasting) : below(50)
    let at = 0
    const { code, said, mpirun } = await ranks(n, [...exact, '--out', out], async (mpirun) => {
      const pids = await pidsOf(mpirun, n)
      if (epoch > 0) await reached(out, 4 * epoch)
      await new Promise((resolve) => setTimeout(resolve, pause))
      at = performance.now()
      if (mpirun.exitCode === null) process.kill(pids[which] as number, 'SIGKILL')
    })
    const seconds = Math.round(performance.now() - at) / 1000
    const files = filesIn(out).filter((file) => /(^|\/)[^./]+\.safetensors$/.test(file))
    const when = `${pause} ms after the ${epoch <= 0 ? 'start' : `end of epoch ${epoch}`}`
    const name = `rank ${which} of ${n} ${when}: ${code === 0 ? 'too late' : `all ended in ${seconds} s`}, ${files.length} files`
    t.comment(name)
    if (code !== 0) {
      t.ok(seconds < 30, name)
      t.match([...said, mpirun].join(''), new RegExp(`rank ${which} .*signal 9`), name)
    }
    for (const file of files)
      t.match(fromBytes(unknown)(readFileSync(join(folder, out, file))), { _tag: 'Right' }, file)
    await goesOn(t, out, resumed)
  }
})

tap.test('what all ranks find is said once, with the code that one process has', skip, async (t) => {
  const cases = [
    [['train', flowers], 2, /^pullback train: expected --target COLUMN, got none/],
    [['train', 'none.csv', '--target', 'a'], 1, /^pullback: none\.csv: cannot read: ENOENT/],
    [
      [...words, '--out', 'straight', '--resume'],
      2,
      /--resume: expected what the run began with, exact true, got none/,
    ],
  ] as const
  for (const [args, code, expected] of cases) {
    const ended = await ranks(2, args)
    t.equal(ended.code, code, args.join(' '))
    t.same([...ended.printed, ended.said[1]], ['', '', ''])
    t.match(ended.said[0], expected)
    t.equal(ended.said[0]?.trim().split('\n').length, 1)
  }
})

tap.test('what ranks cannot share is done by the first', skip, async (t) => {
  const { code, printed } = await ranks(2, ['evaluate', 'straight', flowers])
  t.equal(code, 0)
  t.match(printed[0], /accuracy/)
  t.equal(printed[1], '')
})

tap.test('a launcher that is not that of the library', skip, async (t) => {
  const words = ['OMPI_COMM_WORLD_SIZE=3', ...program, ...exact, '--out', 'other']
  const { code, stderr } = await run('env', words, folder)
  t.equal(code, 1)
  t.match(
    stderr,
    /^pullback: expected 3 ranks, as mpirun says, got 1 by MPI .*; let mpirun be that of the library \[no-/,
  )
})
