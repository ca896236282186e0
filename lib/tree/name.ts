import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** Names are joined to dotted paths, so an empty name or one with a dot is a `StructureError`. */
export const checkName = (op: string, name: unknown): void => {
  if (typeof name === 'string' && name !== '' && !name.includes('.')) return
  const expected = name === '' ? 'a name of at least one letter' : 'a name without dots'
  throw new StructureError({ op, expected, actual: describe(name), code: 'bad-name' })
}

/** Values by their names. A name that is there twice is a `StructureError`, since one of its values would be lost. */
export const eachOnce = <A>(
  op: string,
  entries: Iterable<readonly [name: string, value: A]>,
  remedy?: string,
): ReadonlyMap<string, A> => {
  const found = new Map<string, A>()
  for (const [name, value] of entries) {
    if (found.has(name))
      throw new StructureError({
        op,
        expected: 'each name once',
        actual: `'${name}' twice`,
        code: 'duplicate-name',
        remedy,
      })
    found.set(name, value)
  }
  return found
}

/** A record's own value under a name; undefined if it has none, whatever it inherits. */
export const ownOf = (record: unknown, name: string): unknown =>
  typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? (record as { readonly [name: string]: unknown })[name]
    : undefined
