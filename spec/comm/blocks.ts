// Sums over blocks are made in one order, whoever has the blocks.
import fc from 'fast-check'
import { fromNested, oneProcess, random, toArray } from 'pullback'
import t from 'tap'
import { merged, sumOfBlocks } from '../../lib/comm/blocks.ts'
import { blocksOf, rangeOf } from '../../lib/comm/shard.ts'
import { alike } from '../support/alike.ts'
import { check } from '../support/property.ts'

/** The nodes of some blocks, whose sums are texts that say how they were made. */
const texts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ level: 0, index: from + i, sum: `${from + i}` }))
const add = (a: string, b: string): string => `(${a} ${b})`

t.test('the order of a sum', async (t) => {
  const whole = (n: number) => merged(texts(0, n), n, add).map(({ sum }) => sum)
  t.same(whole(0), [])
  t.same(whole(1), ['0'])
  t.same(whole(5), ['(((0 1) (2 3)) 4)'])
  t.same(whole(7), ['(((0 1) (2 3)) ((4 5) 6))'])
})

t.test('it is the same for any number of ranks, with any blocks', async () =>
  check(
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 9 })),
    ([n, cuts]) => {
      const at = [0, ...cuts.map((c) => Math.min(c, n)).sort((a, b) => a - b), n]
      const parts = at.slice(1).flatMap((to, i) => merged(texts(at[i] as number, to), n, add))
      const [all, ...others] = merged(parts, n, add)
      return others.length === 0 && all?.sum === merged(texts(0, n), n, add)[0]?.sum
    },
    300,
  ),
)

t.test('the ranges of ranks cover all examples, in whole blocks that differ by one at most', async () =>
  check(
    fc.record({ n: fc.nat(100), size: fc.integer({ min: 1, max: 12 }), block: fc.integer({ min: 1, max: 9 }) }),
    ({ n, size, block }) => {
      const ranges = Array.from({ length: size }, (_, rank) => rangeOf({ rank, size }, n, block))
      const blocks = blocksOf(size, n, block).map(([from, to]) => to - from)
      return (
        ranges[0]?.[0] === 0 &&
        ranges.at(-1)?.[1] === n &&
        ranges.every(([from, to], i) => from <= to && (i === 0 || ranges[i - 1]?.[1] === from)) &&
        ranges.every(([from]) => from === n || from % block === 0) &&
        Math.max(...blocks) - Math.min(...blocks) <= 1
      )
    },
    300,
  ),
)

t.test('the sum of trees', async (t) => {
  const trees = Array.from({ length: 6 }, (_, i) => ({ W: random.normal(random.key(i), [2, 3]), b: fromNested([i]) }))
  const all = sumOfBlocks(oneProcess, trees, trees[0] as (typeof trees)[number], [[0, 6]])
  t.same(toArray(all.b), [15])
  // two ranks that both have the blocks 0, 1 and 2, and say that they are 0, 1, 2 and 3, 4, 5
  const same = sumOfBlocks(alike(2), trees.slice(0, 3), all, [
    [0, 3],
    [3, 6],
  ])
  t.same(toArray(same.b), [6])
})
