// Several ranks: the laws of communicators, and ends in good order.
import t from 'tap'
import { laws } from '../law/communicator.ts'
import { runRanks, withoutMpi } from '../support/ranks.ts'

t.jobs = 2
for (const n of [2, 3, 4])
  t.test(`the laws of communicators hold for ${n} ranks`, { skip: withoutMpi, buffered: true }, async (t) => {
    const { code, printed, said, mpirun } = await runRanks(n, 'laws.ts')
    t.equal(code, 0, [...said, mpirun].join(''))
    for (const names of printed) t.equal(names, `${Object.keys(laws).join('\n')}\n`)
  })

const one = 'true Right\n'
const left = 'barrier: expected a group of ranks, got one that was left [lost-rank]\n'
const odd: readonly (readonly [way: string, printed: string, code?: number])[] = [
  // What a rank prints when the others are through with their work is not lost: mpickpt/mana#374.
  ['the first goes on alone', one],
  ['all are busy between two calls', one],
  // MPI may be finalized once: modin-project/unidist#281.
  ['the group is left by hand', `${one}${left}`],
  ['all end with another status than 0', one, 3],
  ['nobody waits for what has begun', one],
  ['one waits later for what has begun', `${one}4 10\n`],
  ['an error is caught', one],
]

for (const [way, printed, code = 0] of odd)
  t.test(`in good order: ${way}`, { skip: withoutMpi, buffered: true }, async (t) => {
    const ranks = await runRanks(2, 'odd.ts', way)
    t.equal(ranks.code, code, [...ranks.said, ranks.mpirun].join(''))
    t.same(ranks.said, ['', ''])
    t.same(ranks.printed, [printed, printed])
  })
