import { table } from '../../lib/text/table.ts'
import { digits, times } from '../support/show.ts'
import type { Result } from './compare.ts'
import { labelOf } from './participants.ts'
import { targets } from './targets.ts'

/** The best time of a family on a workload over all its numbers of threads; NaN without one. */
const best = (results: readonly Result[], workload: string, family: string): number => {
  const found = results
    .filter((r) => r.workload === workload && r.participant.family === family)
    .flatMap((r) => r.microseconds?.median ?? [])
  return found.length === 0 ? Number.NaN : Math.min(...found)
}

const ratio = (results: readonly Result[], workload: string, peer: string, engine: string): number =>
  best(results, workload, peer) / best(results, workload, engine)

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)]

const absentees = (results: readonly Result[]): readonly string[] =>
  unique(
    results.flatMap(({ workload, participant, hello }) =>
      hello.absent === undefined ? [] : [`  ${labelOf(participant)} on ${workload}: ${hello.absent}`],
    ),
  )

/** Times of a step, and the ratio of the best time of each peer to ours. */
export const timesTable = (results: readonly Result[]): string => {
  const engines = unique(results.filter((r) => r.participant.ours).map((r) => r.participant.family))
  const rows = results.map(({ workload, participant, hello, microseconds, numbers }) => [
    workload,
    labelOf(participant),
    microseconds === undefined ? 'absent' : digits(microseconds.median),
    microseconds === undefined ? '' : `${digits(microseconds.min)}–${digits(microseconds.max)}`,
    numbers?.[0]?.toFixed(6) ?? '',
    ...engines.map((engine) => times(ratio(results, workload, participant.family, engine))),
    hello.version ?? '',
  ])
  const heading = ['', 'who', 'µs a step', 'least–most', 'result', ...engines.map((e) => `best by ${e}`), 'version']
  const right = heading.map((_, i) => i).slice(2, -1)
  const missing = absentees(results)
  return [table(heading, rows, right), ...(missing.length === 0 ? [] : ['', 'Absent:', ...missing])].join('\n')
}

/** The families that run on an engine, in whatever way. */
const familiesOn = (results: readonly Result[], engine: string): readonly string[] =>
  unique(results.map((r) => r.participant.family)).filter((family) => family.split('+')[0] === engine)

/** The targets and the results. */
export const targetsTable = (results: readonly Result[]): string => {
  const measured = unique(results.map((r) => r.workload))
  const peers = results.map((r) => r.participant.family)
  const wanted = targets.filter(({ peer }) => peers.includes(peer))
  const onEach = wanted.flatMap((t) => familiesOn(results, t.engine).map((engine) => ({ ...t, engine })))
  const rows = onEach.flatMap(({ peer, engine, workloads }) =>
    Object.entries(workloads)
      .filter(([workload]) => measured.includes(workload))
      .map(([workload, { least, aim }]) => {
        const found = ratio(results, workload, peer, engine)
        const verdict = Number.isFinite(found) ? (found >= aim ? 'aim' : found >= least ? 'yes' : 'NO') : 'not measured'
        return [engine, peer, workload, times(found), times(least), times(aim), verdict]
      }),
  )
  return table(['engine', 'against', '', 'found', 'at least', 'aim', 'met'], rows, [3, 4, 5])
}
