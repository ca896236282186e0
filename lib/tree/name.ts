import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** Names are joined to dotted paths, so an empty name or one with a dot is a `StructureError`. */
export const checkName = (op: string, name: unknown): void => {
  if (typeof name === 'string' && name !== '' && !name.includes('.')) return
  const expected = name === '' ? 'a name of at least one letter' : 'a name without dots'
  throw new StructureError({ op, expected, actual: describe(name), code: 'bad-name' })
}

/** A record's own value under a name; undefined if it has none, whatever it inherits. */
export const ownOf = (record: unknown, name: string): unknown =>
  typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? (record as { readonly [name: string]: unknown })[name]
    : undefined
