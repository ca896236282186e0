import { isBranch } from './tree.ts'

/** A copy of shapes, ports and options that nobody changes: records and arrays in depth. All that is neither is as it was. */
export const fixed = <T>(given: T): T => {
  if (!isBranch(given)) return given
  if (Array.isArray(given)) return Object.freeze(given.map(fixed)) as T
  const entries = Reflect.ownKeys(given).map((name) => [name, fixed(given[name as string])] as const)
  return Object.freeze(Object.fromEntries(entries)) as T
}
