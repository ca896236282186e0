import { StructureError, within } from '../error/tensorError.ts'
import { isTensor } from '../tensor/view.ts'
import { checkName } from '../tree/name.ts'
import { type Context, none, type Step } from './layer.ts'
import { isLeaf } from './variables.ts'

// biome-ignore lint/suspicious/noExplicitAny: only the signature of a graph knows the types of its records
export type Loose = any

export type LooseStep = Step<Loose, Loose, Loose, Loose>
/** The `apply` of a layer whose types only the surrounding signature knows. */
export type LooseApply = (params: Loose, state: Loose, context: Context, x: Loose) => LooseStep

/** Merges records that have no name in common. */
export const merge = (records: readonly object[]): Loose => {
  const full = records.filter((r) => Object.keys(r).length > 0)
  if (full.length < 2) return full[0] ?? none
  // Object.assign is faster, but would lose an entry with this name.
  if (full.some((r) => Object.hasOwn(r, '__proto__'))) return Object.fromEntries(full.flatMap((r) => Object.entries(r)))
  return Object.assign({}, ...full)
}

/** True if a repeated name is the name of two layers, which can be renamed, and not of their own parameters. */
const renamable = (name: string, ...specs: readonly unknown[]): boolean => name !== 'frozen' && !specs.some(isLeaf)

/** Merges the declarations of all layers into one record. A name that appears twice is an error. */
export const declared = (op: string, records: readonly object[]): Loose => {
  const found = new Map<string, unknown>()
  for (const [name, spec] of records.flatMap((r) => Object.entries(r))) {
    checkName(op, name)
    if (found.has(name))
      throw new StructureError({
        op,
        expected: 'each name once',
        actual: `'${name}' twice`,
        code: 'duplicate-name',
        remedy: renamable(name, spec, found.get(name))
          ? 'give one of the two layers another name'
          : 'wrap one of the two layers in named(…)',
      })
    found.set(name, spec)
  }
  return merge(records)
}

/** The entries of a record that a declaration names. */
export const own = (declaration: object, record: Loose): Loose => {
  const names = Object.keys(declaration)
  return names.length === 0 ? none : Object.fromEntries(names.map((name) => [name, record[name]]))
}

/**
 * Merges two records deeply. Where both have a name, both entries must be records, or one of them is `true`, which
 * stands for all of the record; anything else is an error.
 */
export const joined = (a: Loose, b: Loose): Loose => {
  if (a === true || b === true) return true
  if ([a, b].some((part) => isTensor(part) || isLeaf(part)))
    throw new StructureError({
      op: 'freeze',
      expected: 'each name once',
      actual: 'another that is frozen under this one',
      code: 'duplicate-name',
      remedy: 'wrap one of the two layers in named(…)',
    })
  const both = (name: string): Loose =>
    Object.hasOwn(a, name) ? within(name, () => joined(a[name], b[name])) : b[name]
  return { ...a, ...Object.fromEntries(Object.keys(b).map((name) => [name, both(name)])) }
}

/** A nested record with one value, at a dotted path. */
export const nested = (path: string, value: Loose): Loose =>
  path.split('.').reduceRight((part, name) => ({ [name]: part }), value)
