// Runs one workload with all participants: first their results, which must be equal, then their times, in turns.
import { type Child, type Hello, startChild } from '../support/child.ts'
import { environment } from '../support/machine.ts'
import { median, type Spread, spread } from '../support/statistics.ts'
import type { Workload } from '../workload/workload.ts'
import { labelOf, type Participant } from './participants.ts'

export interface Result {
  readonly workload: string
  readonly participant: Participant
  readonly hello: Hello
  /** What 20 steps end with, and the microseconds of a step; undefined for absent participants. */
  readonly numbers?: readonly number[]
  readonly microseconds?: Spread
}

type Present = readonly [Participant, Child]

/** The largest difference that counts as rounding, relative to the largest number. */
const toleranceOf = ({ task, dtype }: Workload): number =>
  task === 'predict' ? 1e-5 : { float32: 1e-3, float64: 1e-9 }[dtype]

/** The results of all participants, which must agree: a fast wrong answer does not count. */
const agree = async (workload: Workload, present: readonly Present[]): Promise<readonly (readonly number[])[]> => {
  const all: (readonly number[])[] = []
  for (const [, child] of present) all.push(await child.result())
  const middle = (all[0] ?? []).map((_, i) => median(all.map((numbers) => numbers[i] ?? Number.NaN)))
  const largest = Math.max(...middle.map(Math.abs))
  const isNear = (x: number, i: number): boolean =>
    Math.abs(x - (middle[i] ?? Number.NaN)) <= toleranceOf(workload) * largest
  if (all.every((numbers) => numbers.length === middle.length && numbers.every(isNear))) return all
  const list = present.map(([p], i) => `  ${labelOf(p).padEnd(22)} ${all[i]?.join(' ')}`).join('\n')
  throw new Error(
    `workload ${workload.name}: the results of 20 steps differ by more than ${toleranceOf(workload)}:\n${list}`,
  )
}

/** The threads of other participants may spin for a while after their work. */
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

/** The number of turns of each participant, and the milliseconds of a turn and of the warm-up. */
export interface Times {
  readonly rounds: number
  readonly turn: number
  readonly warm: number
}

/** Warms up; returns the number of steps that take about as long as a turn. */
const warmUp = async (child: Child, { turn, warm }: Times): Promise<number> => {
  let [steps, milliseconds, total] = [1, 0, 0]
  for (;;) {
    milliseconds = await child.time(steps)
    total += milliseconds
    if (total >= warm) return Math.max(1, Math.round((steps * turn) / milliseconds))
    if (milliseconds < turn) steps *= 2
  }
}

/** Only one participant computes at a time; the first one changes from round to round. */
export const compare = async (
  workload: Workload,
  participants: readonly Participant[],
  manifest: string,
  times: Times,
): Promise<readonly Result[]> => {
  const all: Present[] = []
  try {
    for (const p of participants) {
      const named = { name: labelOf(p), install: p.install }
      all.push([p, await startChild(named, p.command(manifest, workload.name), environment(p.threads))])
    }
    const present = all.filter(([, { hello }]) => hello.absent === undefined)
    const numbers = await agree(workload, present)
    const steps: number[] = []
    for (const [, child] of present) {
      await rest()
      steps.push(await warmUp(child, times))
    }
    const found: number[][] = present.map(() => [])
    for (let round = 0; round < times.rounds; round++)
      for (let k = 0; k < present.length; k++) {
        const i = (k + round) % present.length
        const [[, child], n] = [present[i] as Present, steps[i] as number]
        await rest()
        found[i]?.push(((await child.time(n)) * 1e3) / n)
      }
    return all.map(([participant, { hello }]) => {
      const i = present.findIndex(([p]) => p === participant)
      const result = { workload: workload.name, participant, hello }
      return i < 0
        ? result
        : { ...result, numbers: numbers[i] as readonly number[], microseconds: spread(found[i] as number[]) }
    })
  } finally {
    for (const [, child] of all) child.end()
  }
}
