// Processes that mpirun starts learn what one process learns: to rounding, and in exact mode to the bit.
import t from 'tap'
import { type All, compared } from '../support/ranks/compared.ts'
import { runRanks, withoutMpi } from '../support/ranks.ts'

for (const n of [1, 2, 3, 4])
  t.test(`${n} ranks of MPI`, { skip: withoutMpi }, async (t) => {
    const { code, printed, said, mpirun } = await runRanks(n, 'trains.ts')
    t.equal(code, 0, [...said, mpirun].join(''))
    compared(
      t,
      printed.map((text) => JSON.parse(text) as All),
    )
  })

t.test('memory is flat over 10,000 steps', { skip: withoutMpi }, async (t) => {
  const { code, printed, said } = await runRanks(2, 'soak.ts')
  t.equal(code, 0, said.join(''))
  for (const text of printed) {
    const found = JSON.parse(text) as readonly number[]
    const bytes = found.filter((_, i) => i % 2 === 1)
    t.equal(found.at(-2), 10_000)
    for (const later of bytes.slice(2)) t.ok(later - (bytes[1] as number) < 2 ** 19, bytes.join(' '))
  }
})
