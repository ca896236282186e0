import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import * as T from '#fp/These'
import type { ErrorCode } from '../error/codes.ts'
import { difference } from '../error/issue.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { eachOnce } from './name.ts'
import { entries, rebuild, type Tree } from './tree.ts'

/** The reason why a tensor was not loaded. */
export interface LoadIssue {
  readonly _tag: 'Missing' | 'Extra' | 'WrongShape' | 'WrongFormat'
  /** The kind of the difference as docs/errors.md has it. */
  readonly code: ErrorCode
  /** The dotted name of the tensor. */
  readonly path: string
  readonly message: string
}

/** The tensors of a tree by their dotted names. */
const byName = (tree: Tree): ReadonlyMap<string, AnyTensor> =>
  eachOnce(
    'load',
    entries(tree, 'load').map(([path, tensor]) => [path.join('.'), tensor] as const),
    'leave dots out of the names of records',
  )

const compare = (path: string, own: AnyTensor, given: AnyTensor | undefined): LoadIssue | undefined => {
  if (given === undefined) return difference('Missing', path, `expected ${showShape(own.shape)}, got nothing`)
  if (!sameShape(own.shape, given.shape))
    return difference('WrongShape', path, `expected ${showShape(own.shape)}, got ${showShape(given.shape)}`)
  if (own.dtype !== given.dtype)
    return difference('WrongFormat', path, `expected ${own.dtype}, got ${given.dtype}: convert it with cast`)
  return undefined
}

/**
 * Replaces the tensors of a tree by those of another, matched by dotted names; the other may be nested or flat, and may
 * hold only a part. `Right` if all fit; `Both` the result and an issue for each tensor that is missing, extra, or of
 * another shape or number format; `Left` if none fits. Two tensors of one name, as in `{ 'a.b': x, a: { b: y } }`, are a
 * `StructureError`.
 *
 * @example
 * import * as T from 'fp-ts/lib/These.js'
 * import { ones, toArray, tree, zeros } from 'pullback'
 * const loaded = tree.load({ W: zeros([1, 2]), b: zeros([1]) }, { b: ones([1]), c: ones([3]) })
 * T.isBoth(loaded) && toArray(loaded.right.b) // => [1]
 * T.isBoth(loaded) && loaded.left.map(({ _tag, path }) => `${_tag} ${path}`) // => ['Missing W', 'Extra c']
 */
export const load = <P extends Tree>(tree: P, from: Tree): T.These<ReadonlyNonEmptyArray<LoadIssue>, P> => {
  const [own, given] = [byName(tree), byName(from)]
  const issues: LoadIssue[] = []
  const found = [...own].map(([path, tensor]) => {
    const issue = compare(path, tensor, given.get(path))
    if (issue === undefined) return given.get(path) as AnyTensor
    issues.push(issue)
    return tensor
  })
  const fits = own.size - issues.length
  for (const [path, { shape }] of given)
    if (!own.has(path)) issues.push(difference('Extra', path, `expected nothing, got ${showShape(shape)}`))
  const [first, ...others] = issues
  if (first === undefined) return T.right(rebuild(tree, found))
  return fits === 0 ? T.left([first, ...others]) : T.both([first, ...others], rebuild(tree, found))
}
