import * as E from '#fp/Either'
import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import { difference } from '../error/issue.ts'
import { arrays, type Data } from '../tensor/data.ts'
import type { TensorJson } from '../tensor/json.ts'
import { sizeOf } from '../tensor/shape.ts'
import { fresh } from '../tensor/view.ts'
import type { AnyTensor, DType } from '../type/tensor.ts'
import { asCodec, type Expected } from './bytes.ts'
import { decode, type Issue } from './issue.ts'
import { deepest } from './state.ts'

const isTensorJson = (u: object): u is TensorJson =>
  Object.keys(u).length === 3 && ['tensor', 'shape', 'values'].every((name) => Object.hasOwn(u, name))

const texts: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

/** The tensor, or a message about what is wrong with it. */
const tensorOf = ({ tensor, shape, values }: TensorJson): AnyTensor | string => {
  if (!Object.hasOwn(arrays, tensor)) return `expected float32, float64 or int32, got ${JSON.stringify(tensor)}`
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    return `expected a shape of whole sizes that are not negative, got ${JSON.stringify(shape)}`
  const size = sizeOf(shape)
  if (!Array.isArray(values) || values.length !== size)
    return `expected ${size} numbers for [${shape.join(', ')}], got ${Array.isArray(values) ? values.length : typeof values}`
  const isFit = (x: unknown): boolean =>
    tensor === 'int32' ? (x as number) === ((x as number) | 0) : typeof x === 'number' || texts.has(x)
  const wrong = values.findIndex((x) => !isFit(x))
  if (wrong >= 0) return `expected a number in ${tensor}, got ${JSON.stringify(values[wrong])} at ${wrong}`
  const numbers = values.map((x) => texts.get(x) ?? (x as number))
  return fresh(shape, new arrays[tensor as DType](numbers) as Data)
}

/** A value from JSON with its tensors restored; problems are added to the issues. */
const revived = (u: unknown, path: readonly string[], issues: Issue[]): unknown => {
  if (typeof u !== 'object' || u === null) return u
  const wrong = (message: string): unknown => issues.push(difference('Invalid', path.slice(0, 20).join('.'), message))
  if (path.length > deepest) return wrong(`expected records nested up to ${deepest} deep, got deeper ones`)
  if (Array.isArray(u)) return u.map((v, i) => revived(v, [...path, `${i}`], issues))
  if (isTensorJson(u)) {
    const found = tensorOf(u)
    return typeof found === 'string' ? wrong(found) : found
  }
  return Object.fromEntries(Object.entries(u).map(([name, v]) => [name, revived(v, [...path, name], issues)]))
}

const parse = (text: string): E.Either<ReadonlyNonEmptyArray<Issue>, unknown> => {
  try {
    const issues: Issue[] = []
    const found = revived(JSON.parse(text), [], issues)
    const [first, ...others] = issues
    return first === undefined ? E.right(found) : E.left([first, ...others])
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e
    return E.left([difference('Invalid', '', `expected JSON, got ${e.message}`)])
  }
}

/**
 * Reads the `JSON.stringify` form of a tensor, or of records and arrays with tensors in them. The expected structure is
 * given by a template or an io-ts codec, as for `fromBytes`; returns the result, or a list of issues with their paths.
 * Tensors keep every number, including NaN, −0 and infinities. Bytes are a tenth as long and faster to read: JSON is
 * for small tensors, and for people.
 *
 * @example
 * import { eqTree, eye, fromJSON, zeros } from 'pullback'
 * const text = JSON.stringify({ W: eye(2) })
 * text // => '{"W":{"tensor":"float32","shape":[2,2],"values":[1,0,0,1]}}'
 * const found = fromJSON({ W: zeros([2, 2]) })(text)
 * found._tag === 'Right' && eqTree.equals(found.right, { W: eye(2) }) // => true
 */
export const fromJSON =
  <T>(expected: Expected<T>) =>
  (text: string): E.Either<ReadonlyNonEmptyArray<Issue>, T> =>
    E.chain(decode(asCodec(expected)))(parse(text))
