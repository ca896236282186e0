// A rank's part of each minibatch: all parts are the whole, and none copies the rows of others.
import fc from 'fast-check'
import { batches, examples, oneProcess, random, range, type SyncSource, sharded, source, toArray } from 'pullback'
import t from 'tap'
import { check } from '../support/property.ts'

const ranks = (size: number) => Array.from({ length: size }, (_, rank) => ({ ...oneProcess, rank, size }))

t.test('the parts of all ranks are the minibatches', async () =>
  check(
    fc.record({
      n: fc.integer({ min: 1, max: 50 }),
      size: fc.integer({ min: 1, max: 20 }),
      ranks: fc.integer({ min: 1, max: 9 }),
      block: fc.integer({ min: 1, max: 5 }),
    }),
    ({ n, size, ranks: count, block }) => {
      const whole = batches({ size, key: random.key(1) })(examples({ input: range(0, n) }))
      const parts = ranks(count).map((comm) => [...sharded(comm, { block })(whole).epoch(2, 0)])
      return [...whole.epoch(2, 0)].every(({ input }, i) => {
        const found = parts.map((of) => of[i] as (typeof of)[number])
        const joined = found.flatMap((part) => toArray(part.input))
        const places = found.every(({ input, shard }, r) => {
          const before = found.slice(0, r).reduce((sum, part) => sum + part.input.size, 0)
          return (
            shard.of === found.reduce((sum, part) => sum + part.input.size, 0) &&
            (input.size === 0 || shard.first === before)
          )
        })
        return String(joined) === String(toArray(input)) && places
      })
    },
  ),
)

t.test('a run that is resumed, a source that comes slowly, and what is no source', async (t) => {
  const [, second] = ranks(2) as [unknown, ReturnType<typeof ranks>[number]]
  const whole = batches({ size: 4 })(examples({ input: range(0, 10) }))
  const part = sharded(second)(whole)
  t.equal(part.count, 3)
  t.same(
    Array.from(part.epoch(0, 1), ({ input }) => toArray(input)),
    [[6, 7], [9]],
  )
  const slow = sharded(second)(source.prefetch(whole, 2))
  const found: unknown[] = []
  for await (const { input, shard } of slow.epoch(0, 0)) found.push([toArray(input), shard.first])
  t.same(found, [
    [[2, 3], 2],
    [[6, 7], 2],
    [[9], 1],
  ])
  t.throws(() => sharded(second)(7 as unknown as SyncSource<never>), /expected a source of minibatches/)
  t.throws(() => sharded(second, { block: 0 }), /examples in a block: a whole number of at least 1, got 0/)
  t.throws(() => sharded(second, { blocks: 2 } as never), /got 'blocks'/)
})
