// A folder of checkpoints: which of them stay, which is loaded, and what is said where none can be. What went wrong elsewhere is tried
// here, by the number of the report.
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as io from 'io-ts'
import {
  adam,
  codecOf,
  compose,
  FileError,
  FormatError,
  fromBytes,
  full,
  init,
  key,
  linear,
  named,
  op,
  sgd,
  start,
  type Tensor,
  toBytes,
  toTypedArray,
  zeros,
} from 'pullback'
import { latestCheckpoint, loadCheckpoint, saveCheckpoint } from 'pullback/node'
import t from 'tap'
import * as E from '#fp/Either'
import * as O from '#fp/Option'

const root = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(root, { recursive: true, force: true }))
let made = 0
const folder = (): string => join(root, `${made++}`)
const right = <L extends Error, A>(found: E.Either<L, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const left = <L, A>(found: E.Either<L, A>): L => {
  if (E.isRight(found)) throw new Error('expected an error')
  return found.left
}
const at = (step: number) => ({ step, params: { W: full([2], step) } })
const template = at(0)
const stepsIn = async (here: string): Promise<readonly (number | string)[]> =>
  (await readdir(here)).sort().map((name) => {
    const digits = /^checkpoint-(\d+)\.safetensors$/.exec(name)?.[1]
    return digits === undefined ? name : Number(digits)
  })
const saveAll = async (here: string, steps: readonly number[], options = {}): Promise<void> => {
  for (const step of steps) right(await saveCheckpoint(here, at(step), options)())
}

t.test('a run is saved and loaded with further data', async (t) => {
  const here = folder()
  const net = compose(named('L1', linear(3, 4)), named('L2', linear(4, 2)))
  const run = start(net, adam(), key(3))
  t.same(right(await latestCheckpoint(here)()), O.none)
  const extra = { history: { loss: [1, Number.NaN] }, best: run.params, position: { epoch: 1, at: 3 } }
  const saved = right(await saveCheckpoint(here, run, { extra })())
  t.same(saved, { step: 0, path: join(here, 'checkpoint-000000000.safetensors') })
  t.same(right(await latestCheckpoint(here)()), O.some(saved))
  const codec = io.type({
    history: io.record(io.string, io.array(io.number)),
    best: codecOf(run.params),
    position: io.type({ epoch: io.number, at: io.number }),
  })
  const found = right(await loadCheckpoint(here, start(net, adam(1e-4), key(0)), { extra: codec })())
  t.same(toBytes(found.training), toBytes(run))
  t.same(toBytes(found.extra), toBytes(extra))
  t.same(found.extra.position, { epoch: 1, at: 3 })
  t.equal(found.path, saved.path)
  const open = right(await loadCheckpoint(here, run)())
  t.match(open.extra, { position: { epoch: 1, at: 3 } }, 'the open part comes as it is where nothing is said of it')
  const bytes = await readFile(saved.path)
  right(await saveCheckpoint(here, run, { extra })())
  t.same(await readFile(saved.path), bytes, 'the same run gives the same file')
  const inner = right(fromBytes(io.type({ training: codecOf(run) }))(bytes))
  t.same(toBytes(inner.training), toBytes(run), 'its bytes are those of a state')
})

t.test('the last few checkpoints and the best are kept', async (t) => {
  const here = folder()
  await saveAll(here, [1, 2, 3, 4, 5])
  t.same(await stepsIn(here), [3, 4, 5])
  await saveAll(here, [6], { keep: 1 })
  t.same(await stepsIn(here), [6])
  await saveAll(here, [7], { best: true })
  await saveAll(here, [8, 9, 10, 11])
  t.same(await stepsIn(here), ['best.safetensors', 9, 10, 11])
  const step = async (which: 'latest' | 'best' | number): Promise<number> =>
    right(await loadCheckpoint(here, template, { which })()).training.step
  t.equal(await step('latest'), 11)
  t.equal(await step('best'), 7)
  t.equal(await step(10), 10)
  await saveAll(here, [12], { best: true, keep: Number.POSITIVE_INFINITY })
  t.same(await stepsIn(here), ['best.safetensors', 9, 10, 11, 12])
  t.equal(await step('best'), 12)
})

t.test('steps are compared as numbers (strands-labs/robots 3165, cosmos-rl 232, open-instruct 541)', async (t) => {
  const here = folder()
  await saveAll(here, [9, 10, 200, 1000, 999_999_999, 1_000_000_000, 10_000_000_000], { keep: 100 })
  t.equal(right(await loadCheckpoint(here, template)()).training.step, 10_000_000_000)
  await saveAll(here, [10_000_000_001], { keep: 2 })
  t.same(await stepsIn(here), [10_000_000_000, 10_000_000_001])
})

t.test('keeping no checkpoint is rejected and removes nothing (open-instruct 541)', async (t) => {
  const here = folder()
  await saveAll(here, [1, 2])
  for (const keep of [0, -1, 1.5, Number.NaN])
    await t.rejects(saveCheckpoint(here, at(3), { keep })(), {
      name: 'ValueError',
      message: `saveCheckpoint: expected to keep at least 1 checkpoint, got ${keep}`,
    })
  t.same(await stepsIn(here), [1, 2])
  for (const step of [-1, 0.5, undefined])
    await t.rejects(saveCheckpoint(here, { step } as never)(), { message: /expected a run with a step from 0, got / })
  await t.rejects(saveCheckpoint(here, undefined as never)(), {
    message: /a run with a step from 0, got undefined \[wrong-argument\]$/,
  })
  await t.rejects(saveCheckpoint(here, at(3), { kept: 2 } as never)(), {
    message: "saveCheckpoint: expected options among keep, best, extra, got 'kept'",
  })
  await t.rejects(loadCheckpoint(here, template, { witch: 2 } as never)(), {
    message: /which, extra, got 'witch' \[unknown-option\]$/,
  })
  await t.rejects(loadCheckpoint(here, template, { which: 'lates' as never })(), {
    message: "loadCheckpoint: expected which to be 'latest', 'best' or a step, got 'lates'",
  })
})

t.test('a checkpoint of an earlier step is saved and removes no later ones (prime-rl 1762)', async (t) => {
  const here = folder()
  await saveAll(here, [125, 126, 127])
  await saveAll(here, [5, 6, 7, 8])
  t.same(await stepsIn(here), [6, 7, 8, 125, 126, 127])
})

t.test('a new process removes the leftovers of an earlier one (lightning 5173)', async (t) => {
  const here = folder()
  await saveAll(here, [1, 2, 3, 4, 5, 6], { keep: 6 })
  await saveAll(here, [7], { keep: 3 })
  t.same(await stepsIn(here), [5, 6, 7])
})

t.test('what is not a checkpoint is left alone (lightning 5173), a link among them', async (t) => {
  const here = folder()
  await saveAll(here, [1])
  for (const name of [
    'notes.txt',
    'checkpoint-5.safetensors',
    'checkpoint-000000009.safetensors.bak',
    'model.safetensors',
  ])
    await writeFile(join(here, name), 'text')
  await saveAll(here, [2, 3, 4], { keep: 1 })
  t.same((await readdir(here)).length, 5)
  const link = folder()
  await symlink(here, link)
  await saveAll(link, [5], { keep: 1 })
  t.equal(right(await loadCheckpoint(here, template)()).training.step, 5)
})

t.test('the best checkpoint may be the oldest, and the newest is kept (transformers 11748)', async (t) => {
  const here = folder()
  await saveAll(here, [1], { best: true, keep: 1 })
  await saveAll(here, [2, 3], { keep: 1 })
  t.same(await stepsIn(here), ['best.safetensors', 3])
  t.equal(right(await loadCheckpoint(here, template, { which: 'best' })()).training.step, 1)
})

t.test('a failed save leaves earlier checkpoints intact (ouroboros 1830, FastNN 13)', async (t) => {
  const here = folder()
  await saveAll(here, [1, 2])
  const before = await Promise.all((await readdir(here)).map((name) => readFile(join(here, name))))
  await t.rejects(saveCheckpoint(here, { step: 2, bad: () => 0 })(), { message: /^saveCheckpoint at training.bad: / })
  t.same(await Promise.all((await readdir(here)).map((name) => readFile(join(here, name)))), before)
})

t.test('views are saved without the rest of their buffers (pytorch 1995, 33101; mlx-examples 224)', async (t) => {
  const here = folder()
  const small = op.slice(full([1_000_000], 3), [[0, 3]])
  const spread = op.broadcast(full([2], 1), [4, 2])
  const run = { step: 1, params: { small, spread } }
  const { path } = right(await saveCheckpoint(here, run)())
  t.ok((await readFile(path)).length < 1000)
  const { params } = right(await loadCheckpoint(here, run)()).training
  t.same([...toTypedArray(params.small as Tensor)], [3, 3, 3])
  t.same([...toTypedArray(params.spread as Tensor)], [1, 1, 1, 1, 1, 1, 1, 1])
})

t.test('if no checkpoint can be loaded, the error says what to do', async (t) => {
  const here = folder()
  const missing = left(await loadCheckpoint(here, template)())
  t.ok(missing instanceof FileError)
  t.match(missing, {
    reason: 'ENOENT',
    file: here,
    message: /^.*: cannot load a checkpoint: it has none; check the path, or begin/,
  })
  await saveAll(here, [1, 2])
  t.match(left(await loadCheckpoint(here, template, { which: 7 })()), { message: /it has none of step 7/ })
  t.match(left(await loadCheckpoint(here, template, { which: 'best' })()), {
    reason: 'ENOENT',
    file: join(here, 'best.safetensors'),
  })

  const [one, two] = [1, 2].map((n) => join(here, `checkpoint-00000000${n}.safetensors`)) as [string, string]
  const bytes = await readFile(two)
  for (const [damaged, reason] of [
    [bytes.subarray(0, 100), 'Truncated'],
    [bytes.subarray(0, 0), 'Truncated'],
    [Buffer.concat([bytes, bytes]), 'TrailingBytes'],
    [bytes.map((b, i) => (i === bytes.length - 1 ? b ^ 1 : b)), 'WrongChecksum'],
  ] as const) {
    await writeFile(two, damaged)
    const error = left(await loadCheckpoint(here, template)())
    t.ok(error instanceof FormatError)
    t.match(error, {
      _tag: 'FormatError',
      reason,
      file: two,
      remedy: `the file is damaged: remove it to go on from ${one}`,
    })
    t.ok(error.message.startsWith(`${two}: `), error.message)
  }
  await rm(two)
  t.equal(right(await loadCheckpoint(here, template)()).training.step, 1)

  const other = left(await loadCheckpoint(here, { step: 0, params: { W: zeros([3]), b: zeros([1]) } })())
  t.match(other, {
    reason: 'Mismatch',
    file: one,
    differences: [
      { _tag: 'WrongShape', path: 'training.params.W', message: 'expected float32 [3], got float32 [2]' },
      { _tag: 'Missing', path: 'training.params.b', message: 'expected float32 [1], got nothing' },
    ],
  })
  const net = linear(2, 2)
  right(await saveCheckpoint(here, start(net, adam(), key(0)))())
  t.match(left(await loadCheckpoint(here, start(net, sgd(0.1), key(0)), { which: 0 })()), { reason: 'Mismatch' })
  const params = right(
    await loadCheckpoint(here, io.type({ params: codecOf(init(net, key(9)).params) }), { which: 0 })(),
  ).training.params
  t.equal(params.W.size, 4, 'the parameters alone may be asked for')
})

t.test('a folder that may not be written to', async (t) => {
  const here = folder()
  await saveAll(here, [1])
  try {
    execFileSync('mount', ['--bind', here, here], { stdio: 'ignore' })
  } catch {
    t.comment('nothing can be mounted here')
    return
  }
  try {
    execFileSync('mount', ['-o', 'remount,ro,bind', here], { stdio: 'ignore' })
    t.match(left(await saveCheckpoint(here, at(2))()), { _tag: 'FileError', reason: 'EROFS' })
    t.equal(right(await loadCheckpoint(here, template)()).training.step, 1)
  } finally {
    execFileSync('umount', [here])
  }
})
