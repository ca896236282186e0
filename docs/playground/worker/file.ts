// A saved run: the library's own bytes of the run and of the settings in JSON, which say what to open it with.
import * as t from 'io-ts'
import { fromBytes, toBytes } from 'pullback'
import { parseSettings, type Settings } from '../settings.ts'

export const toFile = (settings: Settings, run: unknown): Uint8Array =>
  toBytes({ settings: JSON.stringify(settings), run })

/** The settings of a saved run; undefined for other bytes. */
export const settingsOfFile = (bytes: Uint8Array): Settings | undefined => {
  const found = fromBytes(t.type({ settings: t.string }))(bytes)
  return found._tag === 'Left' ? undefined : parseSettings(found.right.settings)
}

/** The run in a file, of the structure of another; a file of another network is an error with the differences. */
export const runOfFile = <R>(like: R, bytes: Uint8Array): R => {
  const found = fromBytes({ settings: '', run: like })(bytes)
  if (found._tag === 'Left') throw found.left
  return found.right.run
}
