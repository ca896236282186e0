import { StructureError } from './tensorError.ts'

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'no options' : `options among ${names.join(', ')}`

/** A description of a value given instead of a record of options. */
const other = (given: unknown): string => {
  if (Array.isArray(given)) return 'an array'
  return typeof given === 'function' ? 'a function' : typeof given === 'string' ? `'${given}'` : String(given)
}

/**
 * Options are a record of known names. A misspelled name would be ignored silently, so it is a `StructureError` that
 * lists the valid names; a value that is not a record is a `StructureError` too.
 */
export const checkOptions = (op: string, options: unknown, names: readonly string[]): void => {
  const isRecord = typeof options === 'object' && options !== null && !Array.isArray(options)
  if (!isRecord) throw new StructureError({ op, expected: `a record of ${listed(names)}`, actual: other(options) })
  const unknown = Object.keys(options).filter((name) => !names.includes(name))
  if (unknown.length === 0) return
  throw new StructureError({
    op,
    expected: listed(names),
    actual: unknown.map((name) => `'${name}'`).join(', '),
    code: 'unknown-option',
  })
}

/** True for a number from `least` to `most`; a numeric string is not a number. */
export const isFrom = (x: unknown, least: number, most: number): x is number =>
  typeof x === 'number' && x >= least && x <= most
