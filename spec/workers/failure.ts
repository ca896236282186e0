// What goes wrong with ranks ends all of them, soon, with an error that names the rank.
import { Worker } from 'node:worker_threads'
import { RankError, ValueError } from 'pullback'
import { inRank, type RankWorker, startRanks } from 'pullback/workers'
import t from 'tap'
import { ranksAt, worker } from '../support/workers.ts'

/** The error of a group. */
const lost = async (result: Promise<unknown>): Promise<RankError> => {
  try {
    await result
  } catch (e) {
    if (e instanceof RankError) return e
    throw e
  }
  throw new Error('the ranks have ended well')
}

for (const [work, actual, code = 'lost-rank'] of [
  ['throws', /rank 1 to end its work, got TypeError: no such layer/],
  ['throws at length', /Error: (no ){200}/],
  ['throws what has no text', /got a value that has no text/],
  ['throws in a timer', /TypeError: too late/],
  ['is a rank twice', /ValueError: inRank: expected one call in a worker, got a second one/],
  ['exits', /got its end with exit code 3/],
  ['cannot be sent', /DataCloneError: [\s\S]* could not be cloned/],
] as const)
  t.test(`a rank that ${work}`, async (t) => {
    const error = await lost(ranksAt(2, work).result)
    t.match(error.message, actual)
    t.same([error.ranks, error.code], [[1], code])
  })

t.test('the cause of the error has the stack of the rank', async (t) => {
  const { cause } = await lost(ranksAt(2, 'throws').result)
  t.match((cause as Error).stack, /no such layer\n +at .*workerRank/)
})

t.test('a rank that hangs', async (t) => {
  const error = await lost(ranksAt(2, 'hangs', { patience: 0.2 }).result)
  t.same(error.ranks, [1])
  t.match(error.message, /every rank to call barrier within 0.2 s, got no call from rank 1; .*patience/)
})

t.test('a worker that is terminated', async (t) => {
  const workers: Worker[] = []
  const make = (): Worker => {
    const one = worker()
    workers.push(one)
    return one
  }
  const { result } = startRanks(2, make, { input: 'hangs' })
  setTimeout(() => workers[1]?.terminate(), 300)
  t.match((await lost(result)).message, /rank 1 to end its work, got its end with exit code 1/)
})

/** What all ranks find, who then end in good order. */
const found = async (size: number, work: string, patience = 20) =>
  (await ranksAt(size, work, { patience }).result) as readonly Readonly<Record<string, unknown>>[]

for (const [work, actual] of [
  ['other functions', 'allReduce of 3 numbers (float32, sum) on ranks 0 and 2, barrier on rank 1'],
  [
    'other lengths',
    'allReduce of 2 numbers (float32, sum) on rank 0, allReduce of 3 numbers (float32, sum) on rank 1, ',
  ],
  [
    'other formats',
    'allReduce of 9 numbers (float32, max) on ranks 0 and 2, allReduce of 9 numbers (float64, max) on ',
  ],
  ['other reductions', 'allReduce of 1 numbers (int32, max) on ranks 0 and 2, allReduce of 1 numbers (int32, sum) on '],
  ['other senders', 'broadcast from rank 0 on rank 0, broadcast from rank 1 on rank 1, broadcast from rank 2 on '],
] as const)
  t.test(`${work}: every rank has the same error`, async (t) => {
    const [first, ...others] = await found(3, work)
    t.match(first, { _tag: 'RankError', code: 'ranks-differ', ranks: work.match(/lengths|senders/) ? [1, 2] : [1] })
    t.ok(
      `${first?.message}`.includes(`workers: expected the same call on every rank, got ${actual}`),
      first?.message as string,
    )
    t.same(others, [first, first])
  })

for (const work of ['ends early', 'ends early, others come later'])
  t.test(`a rank ${work}`, async (t) => {
    const [first, second, third] = await found(3, work)
    t.equal(second, 'early')
    t.match(first, { _tag: 'RankError', code: 'ranks-differ', ranks: [1] })
    t.match(first?.message, /every rank to call allReduce, got the end of the work of rank 1/)
    t.same(third, first)
  })

t.test('a rank that aborts, and one that comes too late, is told so', async (t) => {
  const [first, ...others] = await found(3, 'aborts')
  t.match(first, { _tag: 'RankError', ranks: [1], message: /rank 1 to end its work, got its abort: the loss is NaN/ })
  t.same(others, [first, first])
  const [early, late] = await found(2, 'hangs for a while', 0.1)
  t.match(early, { _tag: 'RankError', ranks: [1] })
  t.same(late, early)
})

t.test('a group that has failed stays so, with its first error; one that was left is no more', async (t) => {
  const [[first, second, third] = []] = (await found(1, 'fails twice')) as unknown as readonly unknown[][]
  t.match(first, { message: /abort: one/ })
  t.same([second, third], [first, first])
  t.match(await found(1, 'calls after close'), [
    { _tag: 'RankError', message: /a group of ranks, got one that this rank has left/ },
  ])
})

t.test('arguments that are none', async (t) => {
  const [[format, way, sender, bytes] = []] = (await found(1, 'other arguments')) as unknown as readonly unknown[][]
  t.match(
    [format, way, sender, bytes],
    [
      { _tag: 'DTypeError' },
      { code: 'unknown-choice' },
      { _tag: 'ValueError', message: /from 0 to 0, got 1/ },
      { _tag: 'StructureError' },
    ],
  )
  const make = () => t.fail('no worker is made') as never
  for (const size of [0, 1.5, 1e9, '2' as never]) t.throws(() => startRanks(size, make), ValueError)
  for (const patience of [0, -1, Number.NaN, '3' as never])
    t.throws(() => startRanks(1, make, { patience }), { message: /patience of 0.1 seconds or more/ })
  t.throws(() => startRanks(1, make, { patiense: 3 } as never), { code: 'unknown-option' })
})

t.test('workers that do not come to inRank', async (t) => {
  const { setTimeout } = globalThis
  globalThis.setTimeout = ((f: () => void) => setTimeout(f, 800)) as never
  const make = (rank: number): Worker => worker(rank === 1 ? 'never ready' : '')
  const never = await lost(startRanks(2, make, { patience: 0.5 }).result)
  globalThis.setTimeout = setTimeout
  t.same(never.ranks, [1])
  t.match(never.message, /every worker to call inRank within 20 s, got no call from rank 1/)
  const absent = await lost(startRanks(1, () => new Worker('./no/such/program.js')).result)
  t.match(absent.message, /rank 0 to end its work, got Error: Cannot find module/)
  const empty = await lost(startRanks(1, () => new Worker('', { eval: true })).result)
  t.match(empty.message, /its end with exit code 0/)
  const refused = startRanks(2, (rank): RankWorker => {
    if (rank === 0) return worker()
    throw new RangeError('too many workers')
  })
  t.match((await lost(refused.result)).message, /a worker for rank 1, got RangeError: too many workers/)
})

t.test('an input that cannot be sent, and a group that is stopped', async (t) => {
  const bad = await lost(startRanks(2, () => worker(), { input: () => {} }).result)
  t.match(bad.message, /an input that can be sent to workers, got DataCloneError/)
  const group = ranksAt(2, 'hangs')
  group.stop('nobody looks any more')
  group.stop('twice')
  t.match((await lost(group.result)).message, /the ranks to end their work, got a stop: nobody looks any more/)
})

t.test('where there are no ranks', async (t) => {
  await t.rejects(
    inRank(() => {}),
    {
      _tag: 'ValueError',
      code: 'no-ranks',
      message: /a worker, .* got the main thread; call it in the program of a worker/,
    },
  )
  const before = globalThis.SharedArrayBuffer
  try {
    Object.assign(globalThis, { SharedArrayBuffer: undefined })
    t.throws(() => startRanks(1, () => worker()), {
      code: 'no-ranks',
      message: /Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp/,
    })
  } finally {
    Object.assign(globalThis, { SharedArrayBuffer: before })
  }
})
