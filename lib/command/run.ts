// A run of `fit` that is kept in a folder of checkpoints.
import {
  type Communicator,
  fit,
  key,
  type StateFn,
  type StopSignal,
  start,
  stop,
  type Transformation,
  type Tree,
} from '../index.ts'
import { progress, saveCheckpoint } from '../node/index.ts'
import { found } from './failure.ts'
import { joined } from './joined.ts'
import type { Network } from './network.ts'
import { isFirst } from './place.ts'
import type { Parts } from './prepare.ts'
import { ofFirst, type ResumeOptions, resumed, type State } from './resume.ts'
import type { Task } from './task.ts'

export interface RunOptions extends ResumeOptions {
  readonly seed: number
  readonly epochs: number
  readonly size: number
  readonly exact: boolean
  readonly patience: number | undefined
  /** A checkpoint is saved after so many epochs, and once half a minute has passed since the last one. */
  readonly every: number
  readonly quiet: boolean
  readonly signal: StopSignal
}

const seconds = 30

/** How a run has ended: done, or interrupted after some step, or before the first. */
export interface Ended {
  readonly state: State | undefined
  readonly isDone: boolean
  /** The ranks that have run it. */
  readonly comm: Communicator
  /** Marks the run as done, once all that it leaves is written. */
  readonly done: () => Promise<void>
}

/** Trains, from the last checkpoint if asked to. Rank 0 alone looks at the folder, and before the others wait for it. */
export const run = async <T extends Tree>(
  network: Network,
  optimizer: Transformation<StateFn>,
  task: Task<T>,
  { train, validation }: Parts<T>,
  options: RunOptions,
): Promise<Ended> => {
  const { folder, settings, seed, epochs, size, exact, patience, every, quiet, signal } = options
  const beginning = start(network, optimizer, key(seed))
  const own = isFirst ? await resumed(beginning, options) : undefined
  const comm = await joined()
  const from = ofFirst(comm, beginning, own)

  let saved = performance.now()
  const save = async (state: State, done = false): Promise<void> => {
    if (!isFirst) return
    found(await saveCheckpoint(folder, state, { keep: 2, extra: { settings, done } })())
    saved = performance.now()
  }
  const states = fit(network, task.loss, optimizer, {
    train,
    validation,
    key: key(seed),
    epochs,
    size,
    comm,
    exact,
    metrics: task.watched,
    stop: patience === undefined ? [] : [stop.patience(patience)],
    every: 'step',
    signal,
    from,
  })
  let state = from
  for await (state of progress(states, { epochs, quiet: quiet || !isFirst })) {
    const isDue = state.position === 0 && state.epoch % every === 0
    if (isDue || performance.now() - saved > 1000 * seconds) await save(state)
  }
  const last = state
  const isDone = last !== undefined && (last.stopped !== undefined || last.epoch >= epochs)
  if (last !== undefined && !isDone) await save(last)
  return { state: last, isDone, comm, done: async () => (last === undefined ? undefined : save(last, true)) }
}
