import { StructureError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { isBranch } from '../../tree/tree.ts'

/**
 * The names of variables in the other library. A record gives the name of a module or of a tensor there by the name
 * that it would have after the layer: `{ conv1: 'features.0' }` stands for all of `conv1`, `{ 'out.bias': 'b' }` for one
 * tensor. A function is given the name of a tensor, 'conv1.weight', and gives the name that it has there. Undefined says
 * nothing of a tensor when it is read, and leaves it out when it is written.
 */
export type NameMap = { readonly [name: string]: string | undefined } | ((name: string) => string | undefined)

/** Looks up the other name for a name; the answer is undefined if the map has no entry for it. */
export type Renaming = (name: string) => { readonly to: string | undefined } | undefined

/** The name of a tensor in a module, which has no name if its layer has none. */
export const joinedName = (module: string, name: string): string => (module === '' ? name : `${module}.${name}`)

/** The module of a tensor's name, and its name in it. */
export const splitName = (name: string): readonly [module: string, name: string] => {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)]
}

/** A map as a function, checked to speak of names that there are. The longest name of a record is the one that counts. */
export const renamingOf = (op: string, map: NameMap | undefined, names: readonly string[]): Renaming => {
  if (map === undefined) return () => undefined
  if (typeof map === 'function')
    return (name) => {
      const to: unknown = map(name)
      if (to !== undefined && typeof to !== 'string')
        throw new StructureError({ op, expected: `a name for '${name}', or undefined`, actual: describe(to) })
      return { to }
    }
  if (!isBranch(map) || !Object.values(map).every((to) => to === undefined || typeof to === 'string'))
    throw new StructureError({ op, expected: 'a record or a function of names', actual: describe(map) })
  const keys = Object.keys(map).sort((a, b) => b.length - a.length)
  const begins = (name: string, key: string): boolean => name === key || name.startsWith(`${key}.`)
  const unused = keys.find((key) => !names.some((name) => begins(name, key)))
  if (unused !== undefined)
    throw new StructureError({
      op,
      expected: `names of the layer in the map, of ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' …' : ''}`,
      actual: `'${unused}'`,
    })
  return (name) => {
    const key = keys.find((k) => begins(name, k))
    if (key === undefined) return undefined
    const to = (map as { readonly [name: string]: string | undefined })[key]
    return { to: to === undefined ? undefined : `${to}${name.slice(key.length)}` }
  }
}
