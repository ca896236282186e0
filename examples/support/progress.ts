// The progress of a classifier's training: a line that is overwritten.
import type { FitState } from 'pullback'
import { progressLine } from './terminal.ts'

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

/** What `fit` sums up of an epoch: how many examples, their loss, and how many were right. */
type Sums = { readonly [name: string]: number }

/** The steps between two states by themselves, from the sums of their epoch before and after them. */
const stepOf = ({ examples: n = 0, loss: l = 0, accuracy: a = 0 }: Sums, after: Sums) => {
  const size = (after.examples ?? 0) - n
  return { size, loss: ((after.loss ?? 0) - l) / size, right: ((after.accuracy ?? 0) - a) / size }
}

/**
 * Shows the steps of a run of `fit`, so many in all, as its states come: means since the last 20 states, and how fast
 * they come. The last state, the mean loss between states, and the seconds that it took.
 */
export const watched = async <S extends FitState<unknown, unknown, unknown>>(
  states: AsyncIterable<S>,
  total: number,
) => {
  const line = progressLine()
  const steps: ReturnType<typeof stepOf>[] = []
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1000
  let [seen, sums, state]: [number, Sums, S | undefined] = [0, {}, undefined]
  const report = (): string => {
    const some = steps.slice(-20)
    const mean = (of: 'loss' | 'right'): number => some.reduce((sum, step) => sum + step[of], 0) / some.length
    const speed = Math.round(seen / seconds())
    return `step ${state?.step}/${total}  loss ${mean('loss').toFixed(4)}  accuracy ${percent(mean('right'))}  ${speed} examples/s`
  }
  for await (state of states) {
    if (state.position > 0) {
      const step = stepOf(sums, state.sums)
      steps.push(step)
      seen += step.size
      line.show(report())
    }
    sums = state.sums
  }
  if (state === undefined) throw new Error('expected at least one step, got none')
  line.end(report())
  return { state, losses: steps.map(({ loss }) => loss), seconds: seconds() }
}
