// Processes that mpirun starts learn what one process learns: to rounding, and in exact mode to the bit.
import t from 'tap'
import { type All, compared } from '../support/ranks/compared.ts'
import { runRanks, withoutMpi } from '../support/ranks.ts'

for (const n of [2, 3, 4])
  t.test(`${n} ranks of MPI`, { skip: withoutMpi }, async (t) => {
    const { code, printed, said, mpirun } = await runRanks(n, 'trains.ts')
    t.equal(code, 0, [...said, mpirun].join(''))
    compared(
      t,
      printed.map((text) => JSON.parse(text) as All),
    )
  })
