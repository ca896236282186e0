// What the ranks of a run tell each other beside gradients: counts of an epoch, and when to stop.
import type { Group } from '../../comm/group.ts'
import { joinedStreams, type Streams } from '../streams.ts'

/** The counts of an epoch so far. */
export interface Counts {
  readonly sums: { readonly [name: string]: number }
  readonly streams: Streams
}

/** JSON has no NaN, no infinities and no −0; these counts have no texts, which stand for them. */
const written = (value: unknown): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify(value, (_, x: unknown) =>
      typeof x === 'number' && (!Number.isFinite(x) || Object.is(x, -0))
        ? { number: `${Object.is(x, -0) ? '-0' : x}` }
        : x,
    ),
  )
const read = (bytes: Uint8Array): unknown =>
  JSON.parse(new TextDecoder().decode(bytes), (_, x: unknown) =>
    typeof x === 'object' && x !== null && 'number' in x && Object.keys(x).length === 1 && typeof x.number === 'string'
      ? Number(x.number)
      : x,
  )

/** The values of all ranks. */
const told = <A>(comm: Group, value: A): readonly A[] =>
  comm.allGather(written([value])).map((b) => (read(b) as [A])[0])

const addedSums = (a: Counts['sums'], b: Counts['sums']): Counts['sums'] => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([name, x]) => [name, (a[name] ?? 0) + x])),
})

/** The counts in a state. */
export type Before = Pick<Counts, 'sums'> & Partial<Pick<Counts, 'streams'> | { readonly streams: undefined }>

/** The counts that a rank goes on from: those of the state, if it is alone; else none, and it tells what is new. */
export const ownCounts = (comm: Group, { sums, streams = {} }: Before): Counts =>
  comm.size === 1 ? { sums, streams } : { sums: {}, streams: {} }

/** The counts of a state with those of all ranks since, the same on each rank. */
export const pooled = (
  comm: Group,
  metrics: { readonly [name: string]: unknown },
  { sums, streams = {} }: Before,
  own: Counts,
): Counts =>
  comm.size === 1
    ? own
    : told(comm, own).reduce(
        (all, more) => ({
          sums: addedSums(all.sums, more.sums),
          streams: joinedStreams(metrics, all.streams, more.streams),
        }),
        { sums, streams },
      )

/** True if any rank says so. */
export const anyOf = (comm: Group, own: boolean): boolean => {
  if (comm.size === 1) return own
  const flag = Int32Array.of(own ? 1 : 0)
  comm.allReduce(flag, 'max')
  return flag[0] === 1
}

/** What rank 0 says, where clocks and rules of one's own may differ. */
export const ofFirst = <A>(comm: Group, own: A): A => (comm.size === 1 ? own : (told(comm, own)[0] as A))
