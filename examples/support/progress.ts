// The progress of a training that sorts examples into classes: a line that is written over again.
import { progressLine } from './terminal.ts'

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

/** What a step of training says of itself: its loss, what share it got right, and of how many examples. */
export interface Learnt {
  readonly loss: number
  readonly right: number
  readonly size: number
}

/** Shows steps as they come, so many in all: means of the last 200, and how fast they come. The losses are kept. */
export const progress = (total: number) => {
  const line = progressLine()
  const steps: Learnt[] = []
  const began = performance.now()
  let seen = 0
  const seconds = (): number => (performance.now() - began) / 1000
  const mean = (of: (step: Learnt) => number): number => {
    const last = steps.slice(-200)
    return last.reduce((sum, step) => sum + of(step), 0) / last.length
  }
  const report = (): string => {
    const [loss, right] = [mean((s) => s.loss).toFixed(4), percent(mean((s) => s.right))]
    return `step ${steps.length}/${total}  loss ${loss}  accuracy ${right}  ${Math.round(seen / seconds())} examples/s`
  }
  return {
    step: (learnt: Learnt): void => {
      steps.push(learnt)
      seen += learnt.size
      line.show(report())
    },
    /** The last line; the losses, and the seconds that it took. */
    end: () => {
      line.end(report())
      return { losses: steps.map(({ loss }) => loss), seconds: seconds() }
    },
  }
}
