// A rank that fails ends all of them, soon, and somebody names it.
import t from 'tap'
import { runRanks, withoutMpi } from '../support/ranks.ts'

const here = '^rank [01] of 3: RankError: expected all ranks in call 4, allReduce of 10 numbers'
const same = 'each rank has to make the same calls in the same order, with numbers of the same length'
const patient = 'see what that rank does, or give a larger patience'

/** How the last of three ranks fails; the exit code of all; what is said. */
const failures: readonly (readonly [way: string, code: number, said: string])[] = [
  ['killed', 137, 'rank 2 .* signal 9'],
  // So do mpi4py/mpi4py#290 and Pyomo/mpi-sppy#852, where the others waited for ever.
  ['throws', 1, String.raw`^rank 2 of 3: Error: no data on this rank\n +at `],
  ['rejects', 1, String.raw`^rank 2 of 3: Error: no file on this rank\n +at `],
  // A thread that is at work keeps no rank from ending: Pyomo/mpi-sppy#853.
  ['throws beside a thread', 1, '^rank 2 of 3: Error: no thread on this rank'],
  // MPI is not finalized after an error: cms-sw/cmssw#50752.
  ['exits', 3, '^rank 2 of 3: ended with status 3$'],
  ['aborts', 1, '^rank 2 of 3: the disk is full$'],
  // horovod/horovod#534: others go on to reduce after a rank has ended.
  ['leaves', 1, String.raw`${here}, got the end of rank 2 after 3 calls; ${same} \[ranks-differ\]$`],
  ['hangs', 1, String.raw`${here}, within 1 s, got rank 2 busy elsewhere for \d+\.\d s after 3 calls; ${patient} \[`],
  ['stops', 1, String.raw`${here}, within 1 s, got no answer from rank 2; ${patient} \[lost-rank\]$`],
  // horovod/horovod#403: ranks that reduce other things.
  ['waits', 1, String.raw`${here}, within 1 s, got rank 2 in call 4, barrier; ${same} \[ranks-differ\]$`],
  ['differs', 1, String.raw`${here}, within 1 s, got rank 2 in call 4, allReduce of 100000 numbers; ${same} \[ranks-`],
]

t.jobs = 2
for (const [way, code, expected] of failures)
  t.test(way, { skip: withoutMpi, buffered: true }, async (t) => {
    const { said, mpirun, ...ranks } = await runRanks(3, 'fails.ts', way, '1')
    t.match([...said, mpirun].join(''), new RegExp(expected, 'm'))
    t.equal(ranks.code, code)
    t.ok(ranks.seconds < 20, `${ranks.seconds} s`)
  })
