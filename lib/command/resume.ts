// The folder of checkpoints of a run: what it holds before the run begins, and the state that the run goes on from.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as t from 'io-ts'
import { type Communicator, type FitState, fitCodec, fromBytes, type Training, toBytes } from '../index.ts'
import { latestCheckpoint, loadCheckpoint } from '../node/index.ts'
import { found } from './failure.ts'
import { UsageError } from './options.ts'

// biome-ignore lint/suspicious/noExplicitAny: the records of a network whose sizes come from the command line
export type State = FitState<any, any, any>

// biome-ignore lint/suspicious/noExplicitAny: as above
type Beginning = Training<any, any, any>

/** The settings that a run must have begun with to be resumed. */
export type Settings = { readonly [name: string]: string | number | boolean | readonly number[] }

export interface ResumeOptions {
  readonly folder: string
  readonly resume: boolean
  readonly settings: Settings
}

const extra = t.type({ settings: t.record(t.string, t.unknown), done: t.boolean })
type Begun = t.TypeOf<typeof extra>

/** The run that a folder already holds: none, or its settings and whether it was done. */
const before = async (folder: string): Promise<Begun | undefined> => {
  if (found(await latestCheckpoint(folder)())._tag === 'None') return undefined
  return found(await loadCheckpoint(folder, t.unknown, { extra })()).extra
}

/** A run goes on with what it began with, or it would end in other numbers. */
const checkSame = (begun: Begun['settings'], settings: Settings): void => {
  const shown = (value: unknown): string => (value === undefined ? 'none' : String(value))
  const names = Object.keys({ ...settings, ...begun })
  const differing = names.filter((name) => shown(begun[name]) !== shown(settings[name]))
  if (differing.length === 0) return
  const was = differing.map((name) => `${name} ${shown(begun[name])}, got ${shown(settings[name])}`)
  throw new UsageError(`--resume: expected what the run began with, ${was.join('; ')}`)
}

/** Makes room for a new run where the last one is done; one that is not done is left alone. */
const clear = async (folder: string, begun: Begun): Promise<void> => {
  if (!begun.done)
    throw new UsageError(`${folder} holds a run that is not done: go on with it by --resume, or give another --out`)
  const names = (await readdir(folder)).filter((name) => /^checkpoint-\d+\.safetensors$/.test(name))
  for (const name of names) await rm(join(folder, name))
}

/** The last state in a folder if a run goes on from there; nothing, and room for a new one, if it begins. */
export const resumed = async (beginning: Beginning, options: ResumeOptions): Promise<State | undefined> => {
  const { folder, resume, settings } = options
  const begun = await before(folder)
  if (begun === undefined) return undefined
  if (!resume) {
    await clear(folder, begun)
    return undefined
  }
  checkSame(begun.settings, settings)
  return found(await loadCheckpoint(folder, fitCodec(beginning), { extra })()).training
}

/** The state that rank 0 goes on from, on every rank: the others need not see its disk. */
export const ofFirst = (comm: Communicator, beginning: Beginning, own: State | undefined): State | undefined => {
  if (comm.size === 1) return own
  const bytes = comm.broadcast(own === undefined ? new Uint8Array(0) : toBytes(own), 0)
  return bytes.length === 0 ? undefined : found(fromBytes(fitCodec(beginning))(bytes))
}
