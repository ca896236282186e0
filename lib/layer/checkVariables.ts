import { ShapeError, StructureError, within } from '../error/tensorError.ts'
import { describe, remedyFor } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { isBranch } from '../tree/tree.ts'
import type { AnyLayer } from './layer.ts'
import { type Branch, isLeaf, type Variables } from './variables.ts'

const check = (what: string, spec: unknown, given: unknown): void => {
  if (isLeaf(spec)) {
    if (!isTensor(given))
      throw new StructureError({
        op: what,
        expected: `a tensor ${showShape(spec.shape)}`,
        actual: describe(given),
        code: 'not-a-tensor',
        remedy: remedyFor(given),
      })
    if (!sameShape(given.shape, spec.shape))
      throw new ShapeError({ op: what, expected: showShape(spec.shape), actual: showShape(given.shape) })
    return
  }
  const names = Object.keys(spec as Branch)
  if (typeof given !== 'object' || given === null)
    throw new StructureError({
      op: what,
      expected: names.length === 0 ? 'a record' : `the names ${names.join(', ')}`,
      actual: describe(given),
      code: 'structure-mismatch',
    })
  const found = isTensor(given) ? [] : Object.keys(given)
  const missing = names.filter((name) => !found.includes(name))
  const extra = found.filter((name) => !names.includes(name))
  if (missing.length > 0 || extra.length > 0)
    throw new StructureError({
      op: what,
      expected: names.length === 0 ? 'no names' : `the names ${names.join(', ')}`,
      actual: [
        ...missing.map((name) => `none with the name ${name}`),
        ...extra.map((name) => `one too many: ${name}`),
      ].join(', '),
      code: missing.length > 0 ? 'missing-name' : 'unknown-name',
    })
  for (const name of names) within(name, () => check(what, (spec as Branch)[name], (given as Branch)[name]))
}

interface Seen {
  readonly params: WeakSet<object>
  readonly state: WeakSet<object>
}
const checked = new WeakMap<AnyLayer, Seen>()
const parts = ['params', 'state'] as const

/**
 * Checks that parameters and state have the names and shapes that a layer declares. Missing, extra and misshapen
 * entries are errors that name the entry. Records are immutable, so each is checked once.
 */
export const checkVariables = (layer: AnyLayer, variables: Variables<unknown, unknown>): void => {
  if (!isBranch(variables) || variables.params === undefined)
    throw new StructureError({
      op: layer.kind,
      expected: 'variables { params, state }',
      actual: describe(variables),
      remedy: 'give all that init or start has made, and not its params alone',
    })
  const seen = checked.get(layer) ?? { params: new WeakSet(), state: new WeakSet() }
  checked.set(layer, seen)
  for (const part of parts) {
    const given = variables[part]
    if (typeof given === 'object' && given !== null && seen[part].has(given)) continue
    check(part === 'params' ? 'parameters' : part, layer[part], given)
    seen[part].add(given as object)
  }
}

/** Marks parameters as checked: the library made them from checked ones. */
export const trustParams = (layer: AnyLayer, params: unknown): void => {
  checked.get(layer)?.params.add(params as object)
}
