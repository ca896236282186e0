// A run that is saved and loaded goes on to the same bits as one that is not: at every step, for every optimizer, in another process, on
// another number of threads.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ema,
  fit,
  fitCodec,
  fromBytes,
  type History,
  key,
  metric,
  nadam,
  radam,
  type StateFn,
  softmaxCrossEntropy,
  start,
  stop,
  type Transformation,
  toBytes,
} from 'pullback'
import { loadCheckpoint, saveCheckpoint } from 'pullback/node'
import t, { type Test } from 'tap'
import * as E from '#fp/Either'
import { bundle } from '../support/bundle.ts'
import { optimizers } from '../support/optimizers.ts'
import { runOf, steps } from '../support/resume.ts'
import { output } from '../support/run.ts'

const root = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(root, { recursive: true }))
const right = <L extends Error, A>(found: E.Either<L, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const identical = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

t.test('for every optimizer, from every step of a run', async (t) => {
  for (const name of Object.keys(optimizers)) {
    const { begin, states } = runOf(name)
    const whole = states(begin())
    const end = toBytes(whole.at(-1))
    t.notOk(identical(end, toBytes(begin())), `${name}: it has learnt`)
    for (const run of whole) {
      const loaded = right(fromBytes(begin(99))(toBytes(run)))
      if (!identical(toBytes(states(loaded).at(-1)), end)) t.fail(`${name} from step ${run.step}`)
    }
    t.equal(whole.length, steps + 1, name)
  }
})

t.test('in another process, on one thread and on two', async (t) => {
  const wide = { width: 300, count: 300 }
  const program = join(root, 'resume.mjs')
  await bundle(
    `
import { engine, threads, toBytes } from './lib/index.ts'
import { loadCheckpoint, saveCheckpoint } from './lib/node/index.ts'
import { runOf } from './spec/support/resume.ts'
const [name, folder, count] = process.argv.slice(2)
const { begin, states } = runOf(name, ${JSON.stringify(wide)})
if (Number(count) > 1) {
  threads(Number(count))
  states(begin(7))
  await new Promise((resolve) => setTimeout(resolve, 300))
}
const found = await loadCheckpoint(folder, begin(99))()
if (found._tag === 'Left') throw found.left
const saved = await saveCheckpoint(folder, states(found.right.training).at(-1))()
console.log(saved._tag, engine().threads)
process.exit(0)
`,
    program,
  )
  for (const [name, at, count] of [
    ['adamw', 4, 1],
    ['partition', 7, 2],
    ['ema', 2, 2],
  ] as const) {
    const folder = join(root, name)
    const { begin, states } = runOf(name, wide)
    const whole = states(begin())
    right(await saveCheckpoint(folder, whole[at] as (typeof whole)[number])())
    t.equal((await output(process.execPath, [program, name, folder, `${count}`])).trim(), `Right ${count}`)
    const { training } = right(await loadCheckpoint(folder, begin(98))())
    t.ok(identical(toBytes(training), toBytes(whole.at(-1))), `${name}, saved at step ${at}, on ${count} threads`)
  }
})

const all = async <A>(from: AsyncIterable<A>): Promise<readonly A[]> => {
  const found: A[] = []
  for await (const a of from) found.push(a)
  return found
}
/** A state of fit as bytes, but for the time that it took. */
const timeless = (state: { readonly history: History }): Uint8Array =>
  toBytes({ ...state, seconds: 0, history: { ...state.history, seconds: [] } })

const fitResumes = async <F extends StateFn>(t: Test, name: string, optimizer: Transformation<F>): Promise<void> => {
  const { net, data } = runOf('adam')
  const options = {
    train: data,
    validation: data,
    size: 4,
    epochs: 4,
    every: 'step',
    metrics: { accuracy: metric.accuracy },
    stop: [stop.patience(3)],
  } as const
  const whole = await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, key: key(3) }))
  const codec = fitCodec(start(net, optimizer, key(0)))
  t.ok(whole.length > 8)
  for (const [i, state] of whole.entries()) {
    const folder = join(root, `${name} ${i}`)
    right(await saveCheckpoint(folder, state)())
    const { training } = right(await loadCheckpoint(folder, codec)())
    const rest = await all(fit(net, softmaxCrossEntropy, optimizer, { ...options, from: training }))
    const [found, said] = [timeless(rest.at(-1) ?? training), timeless(whole.at(-1) ?? state)]
    t.ok(identical(found, said), `${name}, from step ${state.step}`)
  }
}

t.test('a state of fit, with its history, its best variables and its place in the epoch', async (t) => {
  await fitResumes(t, 'ema', ema(0.9, nadam(0.05)))
  await fitResumes(t, 'radam', radam(0.05))
})
