import { StructureError, within } from '../error/tensorError.ts'
import { isTensor } from '../tensor/view.ts'
import { checkName } from '../tree/name.ts'
import { type Context, none, type Step } from './layer.ts'
import { isLeaf } from './variables.ts'

// biome-ignore lint/suspicious/noExplicitAny: the records that pass through a graph of layers are known to its signature alone
export type Loose = any

export type LooseStep = Step<Loose, Loose, Loose, Loose>
/** How a layer runs that is known to the signature around it alone. */
export type LooseApply = (params: Loose, state: Loose, context: Context, x: Loose) => LooseStep

/** Records with different names in one. */
export const merge = (records: readonly object[]): Loose => {
  const full = records.filter((r) => Object.keys(r).length > 0)
  if (full.length < 2) return full[0] ?? none
  // An entry of this name would be lost by assignment, which is faster.
  if (full.some((r) => Object.hasOwn(r, '__proto__'))) return Object.fromEntries(full.flatMap((r) => Object.entries(r)))
  return Object.assign({}, ...full)
}

/** Whether two declarations are alike by the names of two layers, and not by those of their own parameters. */
const renamable = (name: string, ...specs: readonly unknown[]): boolean => name !== 'frozen' && !specs.some(isLeaf)

/** The declarations of all layers in one record. A name that two of them have is an error. */
export const declared = (op: string, records: readonly object[]): Loose => {
  const found = new Map<string, unknown>()
  for (const [name, spec] of records.flatMap((r) => Object.entries(r))) {
    checkName(op, name)
    if (found.has(name))
      throw new StructureError({
        op,
        expected: 'each name once',
        actual: `'${name}' twice`,
        remedy: renamable(name, spec, found.get(name))
          ? 'give one of the two layers another name'
          : 'wrap one of the two layers in named(…)',
      })
    found.set(name, spec)
  }
  return merge(records)
}

/** The part of a record that has been declared. */
export const own = (declaration: object, record: Loose): Loose => {
  const names = Object.keys(declaration)
  return names.length === 0 ? none : Object.fromEntries(names.map((name) => [name, record[name]]))
}

/** Two records in one, deep. What both have are records too, unless one of them is `true`: all of it. Else it is an error. */
export const joined = (a: Loose, b: Loose): Loose => {
  if (a === true || b === true) return true
  if ([a, b].some((part) => isTensor(part) || isLeaf(part)))
    throw new StructureError({
      op: 'freeze',
      expected: 'each name once',
      actual: 'another that is frozen under this one',
      remedy: 'wrap one of the two layers in named(…)',
    })
  const both = (name: string): Loose =>
    Object.hasOwn(a, name) ? within(name, () => joined(a[name], b[name])) : b[name]
  return { ...a, ...Object.fromEntries(Object.keys(b).map((name) => [name, both(name)])) }
}

/** A record with one value, at a dotted name. */
export const nested = (path: string, value: Loose): Loose =>
  path.split('.').reduceRight((part, name) => ({ [name]: part }), value)
