import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { isBranch } from '../tree/tree.ts'
import type { AnyLayer } from './layer.ts'

/** True if the value is a layer. */
export const isLayer = (given: unknown): given is AnyLayer =>
  typeof given === 'object' && given !== null && 'kind' in given && typeof (given as AnyLayer).apply === 'function'

const ofFunction = (f: object): string =>
  'operation' in f
    ? 'elementwise(f) makes a layer of an operation f'
    : 'call it if it makes a layer, as in leakyRelu(); of a function f of numbers elementwise(f, derivative) makes one'

/** The remedy for a value that is not a layer, if its kind suggests one. */
const remedyFor = (given: unknown): string | undefined => {
  if (given === undefined) return 'see whether it is exported under this name, and made before it is used'
  if (typeof given === 'function') return ofFunction(given)
  if (Array.isArray(given)) return 'a list of layers goes into stack(list), or into compose(...list)'
  if (!isBranch(given)) return undefined
  const parts = Object.values(given)
  if (parts.length > 0 && parts.every(isLayer))
    return 'fanout(record) gives one input to all of its layers, each(record) to each its own'
  return 'params' in given && 'state' in given ? 'the layer comes first, its parameters and state after it' : undefined
}

/** Throws a `StructureError` with a remedy for a value that is not a layer. */
export const checkLayer = (op: string, given: unknown, expected = 'a layer', place = ''): void => {
  if (isLayer(given)) return
  throw new StructureError({
    op,
    expected,
    actual: `${describe(given)}${place}`,
    code: 'not-a-layer',
    remedy: remedyFor(given),
  })
}

/** Throws a `StructureError` for a value that is not a function. */
export const checkFunction = (op: string, expected: string, given: unknown): void => {
  if (typeof given !== 'function') throw new StructureError({ op, expected, actual: describe(given) })
}

/** Checks that the value is a plain record of layers with at least one name. */
export const checkBranches = (op: string, given: unknown): void => {
  const expected = 'a record of layers'
  const remedy = `give each a name, as in ${op}(${op === 'define' ? 'input, ' : ''}{ a: …, b: … }${op === 'define' ? ', f' : ''})`
  if (isLayer(given)) throw new StructureError({ op, expected, actual: `a layer, ${given.kind}`, remedy })
  if (!isBranch(given) || Array.isArray(given))
    throw new StructureError({ op, expected, actual: describe(given), remedy })
  const names = Object.keys(given)
  if (names.length === 0) throw new StructureError({ op, expected, actual: 'one with no names' })
  for (const name of names) checkLayer(op, given[name], expected, ` under the name '${name}'`)
}
