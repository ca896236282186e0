// A run of `fit` that is kept in a folder of checkpoints, and goes on from there.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as t from 'io-ts'
import {
  type FitState,
  fit,
  fitCodec,
  key,
  type StateFn,
  type StopSignal,
  start,
  stop,
  type Transformation,
  type Tree,
} from '../index.ts'
import { latestCheckpoint, loadCheckpoint, progress, saveCheckpoint } from '../node/index.ts'
import { found } from './failure.ts'
import type { Network } from './network.ts'
import { UsageError } from './options.ts'
import type { Parts } from './prepare.ts'
import type { Task } from './task.ts'

// biome-ignore lint/suspicious/noExplicitAny: the records of a network whose sizes come from the command line
type State = FitState<any, any, any>

/** The settings that a run must have begun with to be resumed. */
export type Settings = { readonly [name: string]: string | number | readonly number[] }

export interface RunOptions {
  readonly folder: string
  readonly resume: boolean
  readonly settings: Settings
  readonly seed: number
  readonly epochs: number
  readonly size: number
  readonly patience: number | undefined
  /** A checkpoint is saved after so many epochs, and once half a minute has passed since the last one. */
  readonly every: number
  readonly quiet: boolean
  readonly signal: StopSignal
}

const extra = t.type({ settings: t.record(t.string, t.unknown), done: t.boolean })
const seconds = 30

/** The run that a folder already holds: none, or its settings and whether it was done. */
const before = async (folder: string): Promise<t.TypeOf<typeof extra> | undefined> => {
  if (found(await latestCheckpoint(folder)())._tag === 'None') return undefined
  return found(await loadCheckpoint(folder, t.unknown, { extra })()).extra
}

/** A run goes on with what it began with, or it would end in other numbers. */
const checkSame = (begun: t.TypeOf<typeof extra>['settings'], settings: Settings): void => {
  const differing = Object.keys(settings).filter((name) => String(begun[name]) !== String(settings[name]))
  if (differing.length === 0) return
  const was = differing.map((name) => `${name} ${begun[name]}, got ${settings[name]}`)
  throw new UsageError(`--resume: expected what the run began with, ${was.join('; ')}`)
}

/** Makes room for a new run where the last one is done; one that is not done is left alone. */
const clear = async (folder: string, begun: t.TypeOf<typeof extra>): Promise<void> => {
  if (!begun.done)
    throw new UsageError(`${folder} holds a run that is not done: go on with it by --resume, or give another --out`)
  const names = (await readdir(folder)).filter((name) => /^checkpoint-\d+\.safetensors$/.test(name))
  for (const name of names) await rm(join(folder, name))
}

/** How a run has ended: done, or interrupted after some step. */
export interface Ended {
  readonly state: State
  readonly isDone: boolean
  /** Marks the run as done, once all that it leaves is written. */
  readonly close: () => Promise<void>
}

/** Trains, from the last checkpoint if asked to. Nothing if it was interrupted before its first step. */
export const run = async <T extends Tree>(
  network: Network,
  optimizer: Transformation<StateFn>,
  task: Task<T>,
  { train, validation }: Parts<T>,
  options: RunOptions,
): Promise<Ended | undefined> => {
  const { folder, resume, settings, seed, epochs, size, patience, every, quiet, signal } = options
  const beginning = start(network, optimizer, key(seed))
  const begun = await before(folder)
  if (begun !== undefined && resume) checkSame(begun.settings, settings)
  if (begun !== undefined && !resume) await clear(folder, begun)
  const from: State | undefined =
    begun !== undefined && resume
      ? found(await loadCheckpoint(folder, fitCodec(beginning), { extra })()).training
      : undefined

  let saved = performance.now()
  const save = async (state: State, done = false): Promise<void> => {
    found(await saveCheckpoint(folder, state, { keep: 2, extra: { settings, done } })())
    saved = performance.now()
  }
  const states = fit(network, task.loss, optimizer, {
    train,
    validation,
    key: key(seed),
    epochs,
    size,
    metrics: task.watched,
    stop: patience === undefined ? [] : [stop.patience(patience)],
    every: 'step',
    signal,
    from,
  })
  let state = from
  for await (state of progress(states, { epochs, quiet })) {
    const isDue = state.position === 0 && state.epoch % every === 0
    if (isDue || performance.now() - saved > 1000 * seconds) await save(state)
  }
  if (state === undefined) return undefined
  const last = state
  const isDone = last.stopped !== undefined || last.epoch >= epochs
  if (!isDone) await save(last)
  return { state: last, isDone, close: () => save(last, true) }
}
