// A run that can be paused, stepped, saved and resumed. The run is a value; what changes is which value is the latest.
import { compile, epochs, key, random, start, type Training, trainStep, type tree } from 'pullback'
import type { Pace } from '../message.ts'
import type { Dataset } from './data/dataset.ts'
import type { Experiment } from './experiment.ts'

export type Run = Training<tree.Tree, tree.Tree, tree.Tree>

/** How long steps may follow each other before the page is heard. */
const slice = 12
const breathe = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export interface Trainer {
  readonly latest: () => Run
  /** The losses since this was last asked. */
  readonly takeLosses: () => readonly number[]
  readonly isRunning: () => boolean
  readonly step: () => void
  /** Trains until it is paused, and calls back between slices of time. */
  readonly run: (pace: Pace, between: () => void) => Promise<void>
  readonly pause: () => void
  readonly first: Run
  readonly goOnFrom: (run: Run) => void
}

export const startTrainer = (experiment: Experiment, { train }: Dataset, seed: number): Trainer => {
  const { network, loss, optimizer, batch: size = 50, penalty } = experiment
  const first = start(network, optimizer, key(seed)) as Run
  const step = compile(trainStep(network, loss as never, optimizer, { penalty } as never)) as unknown as (
    run: Run,
    batch: unknown,
  ) => readonly [Run, { readonly loss: number }]
  const batchesFrom = (from: number): Iterator<unknown> =>
    epochs({ size, key: random.foldIn(key(seed), 'epochs'), from })(train)[Symbol.iterator]()

  let run = first
  let batches = batchesFrom(0)
  let losses: number[] = []
  let turn = 0
  let isRunning = false

  const advance = (): void => {
    const [next, { loss: value }] = step(run, batches.next().value)
    run = next
    losses.push(value)
  }
  const pause = (): void => {
    turn++
    isRunning = false
  }
  return {
    latest: () => run,
    takeLosses: () => {
      const taken = losses
      losses = []
      return taken
    },
    isRunning: () => isRunning,
    step: () => {
      pause()
      advance()
    },
    pause,
    run: async (pace, between) => {
      pause()
      const mine = turn
      isRunning = true
      const [since, from] = [performance.now(), run.step]
      const allowed = (now: number): number => (pace === 0 ? Number.POSITIVE_INFINITY : ((now - since) * pace) / 1000)
      while (turn === mine) {
        const until = performance.now() + slice
        while (performance.now() < until && run.step - from < allowed(performance.now())) advance()
        between()
        await breathe(pace === 0 ? 0 : 8)
      }
    },
    first,
    goOnFrom: (other) => {
      pause()
      run = other
      batches = batchesFrom(run.step)
      losses = []
    },
  }
}
