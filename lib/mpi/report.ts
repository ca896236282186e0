/** Where a rank is in its program. */
export interface Whereabouts {
  /** It has left the group. */
  readonly isGone: boolean
  /** Twice the calls that have ended, and 1 more within a call. */
  readonly count: number
  /** What it calls, or has called last: 'barrier'. */
  readonly action: string
  /** How long it has been there. */
  readonly seconds: number
}

/** What the watchdog of a rank knows when a call has lasted too long. */
export interface Delay {
  readonly rank: number
  readonly size: number
  readonly patience: number
  readonly here: Whereabouts
  /** The ranks that are elsewhere, and where those of them are that have answered. */
  readonly absent: readonly number[]
  readonly known: ReadonlyMap<number, Whereabouts>
}

/** The line that a rank prints before it ends all of them. Like `watch`, it uses nothing from outside. */
export const report = ({ rank, size, patience, here, absent, known }: Delay): string => {
  const found = (r: number): string => {
    const there = known.get(r)
    if (there === undefined) return `no answer from rank ${r}`
    const { isGone, count, action, seconds } = there
    const done = `after ${Math.floor(count / 2)} calls`
    if (isGone) return `the end of rank ${r} ${done}`
    if (count % 2 === 1) return `rank ${r} in call ${(count + 1) / 2}, ${action}`
    return `rank ${r} busy elsewhere for ${seconds.toFixed(1)} s ${done}`
  }
  const areGone = absent.every((r) => known.get(r)?.isGone)
  /** A rank that has left, or waits in another call, is out of step. */
  const differ = absent.some((r) => known.get(r)?.isGone || (known.get(r)?.count ?? 0) % 2 === 1)
  const remedy = differ
    ? 'each rank has to make the same calls in the same order, with numbers of the same length'
    : 'see what that rank does, or give a larger patience'
  const more = absent.length > 8 ? [`${absent.length - 8} more`] : []
  return [
    `rank ${rank} of ${size}: RankError: expected all ranks in call ${(here.count + 1) / 2}, ${here.action}`,
    ...(areGone ? [] : [` within ${patience} s`]),
    ` got ${[...absent.slice(0, 8).map(found), ...more].join(' and ')}; ${remedy} [${differ ? 'ranks-differ' : 'lost-rank'}]`,
  ].join(',')
}
