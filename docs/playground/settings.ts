// What a run of the playground depends on: with the same settings it gives the same bits. A link and a saved file hold them.

export const dataNames = ['rings', 'spirals', 'moons', 'clusters', 'digits', 'table'] as const
export type DataName = (typeof dataNames)[number]

/** A table that the user gave, and its column to predict; without one, the last column is predicted. */
export interface GivenTable {
  readonly text: string
  readonly target?: string | undefined
}

export interface Settings {
  readonly data: DataName
  /** How far points are moved at random, as a percentage of the picture. */
  readonly noise: number
  readonly seed: number
  /** The name of the preset that the program began as. */
  readonly preset: string
  /** The program, if it differs from the preset. */
  readonly program?: string | undefined
  readonly table?: GivenTable | undefined
}

export const initialSettings: Settings = { data: 'rings', noise: 5, seed: 1, preset: 'two-layers' }

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === 'object' && u !== null
const isWhole = (u: unknown, most: number): u is number => Number.isInteger(u) && Number(u) >= 0 && Number(u) <= most
const isDataName = (u: unknown): u is DataName => dataNames.includes(u as DataName)

const tableOf = (u: unknown): GivenTable | undefined =>
  isRecord(u) && typeof u.text === 'string'
    ? { text: u.text, target: typeof u.target === 'string' ? u.target : undefined }
    : undefined

/** Settings from outside; undefined if they are not settings. */
export const decodeSettings = (u: unknown): Settings | undefined => {
  if (!isRecord(u)) return undefined
  const { data, noise, seed, preset, program, table } = u
  if (!isDataName(data) || !isWhole(noise, 50) || !isWhole(seed, 2 ** 32 - 1) || typeof preset !== 'string')
    return undefined
  if (program !== undefined && typeof program !== 'string') return undefined
  return { data, noise, seed, preset, program, table: tableOf(table) }
}

/** Settings in text; undefined if the text is none. */
export const parseSettings = (text: string): Settings | undefined => {
  try {
    return decodeSettings(JSON.parse(text))
  } catch {
    return undefined
  }
}
