// Ranks that are workers keep the laws of a communicator, for groups of any size; and a group of one process does.
import { oneProcess } from 'pullback'
import { startRanks } from 'pullback/workers'
import t from 'tap'
import { laws } from '../law/communicator.ts'
import { ranksAt, worker } from '../support/workers.ts'

for (const [law, holds] of Object.entries(laws)) t.test(`one process: ${law}`, async () => holds(oneProcess))

for (const size of [1, 2, 3, 4, 8])
  t.test(`${size} workers keep the laws`, async (t) => {
    t.same(await ranksAt(size, 'laws').result, [...Array(size).keys()])
  })

t.test('thousands of calls, of ranks that come early and late', async (t) => {
  const [first, ...others] = await ranksAt(3, 'many rounds', { patience: Number.POSITIVE_INFINITY }).result
  t.ok((first as number) > 0)
  t.same(others, [first, first])
})

t.test('NaN is the maximum of numbers with NaN, and 0 that of 0 and −0', async (t) => {
  const numbers = Float32Array.of(Number.NaN, 0, 0)
  t.same(await ranksAt(2, 'edges of max').result, [numbers, numbers])
})

t.test('sums of int32 wrap around', async (t) => {
  const numbers = Int32Array.of(2 ** 31 - 3, 3)
  t.same(await ranksAt(3, 'sums of int32').result, [numbers, numbers, numbers])
})

t.test('workers may call inRank late, and have messages of their own', async (t) => {
  const own: unknown[] = []
  const make = (rank: number) => worker(rank === 1 ? 'ready late' : '').on('message', (data) => own.push(data))
  t.same(await startRanks(2, make, { input: 'has other messages' }).result, ['workers', 'workers'])
  t.same(
    own.filter((data) => data === null || typeof data === 'string'),
    ['a message of its own', null, 'a message of its own', null],
  )
})
