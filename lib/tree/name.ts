import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** Names make dotted paths, so they have at least one letter and no dots; another is a `StructureError`. */
export const checkName = (op: string, name: unknown): void => {
  if (typeof name === 'string' && name !== '' && !name.includes('.')) return
  const expected = name === '' ? 'a name of at least one letter' : 'a name without dots'
  throw new StructureError({ op, expected, actual: describe(name) })
}

/** What a record has of its own under a name: undefined where it has nothing, whatever all records inherit. */
export const ownOf = (record: unknown, name: string): unknown =>
  typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? (record as { readonly [name: string]: unknown })[name]
    : undefined
