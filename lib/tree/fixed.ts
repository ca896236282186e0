import { isBranch } from './tree.ts'

/**
 * A deep copy of shapes, ports and options, safe from later changes: records and arrays are copied, other values are
 * kept.
 */
export const fixed = <T>(given: T): T => {
  if (!isBranch(given)) return given
  if (Array.isArray(given)) return Object.freeze(given.map(fixed)) as T
  const entries = Reflect.ownKeys(given).map((name) => [name, fixed(given[name as string])] as const)
  return Object.freeze(Object.fromEntries(entries)) as T
}
