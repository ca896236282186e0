import type { Eq } from '#fp/Eq'
import { within } from '../error/tensorError.ts'
import { eqTensor } from '../tensor/eq.ts'
import { isTensor } from '../tensor/view.ts'
import { type Around, type Branch, inside, namesOf, type Tree } from './tree.ts'

const op = 'eqTree'

const equals = (a: Tree, b: Tree, around?: Around): boolean => {
  if (isTensor(a) && isTensor(b)) return eqTensor.equals(a, b)
  const [names, others] = [a, b].map((t) => (isTensor(t) ? undefined : namesOf(op, t)))
  if (names?.length !== others?.length || names === undefined || Array.isArray(a) !== Array.isArray(b)) return false
  const here = inside(op, a, around)
  const at = (t: Tree, name: string): Tree => (t as Branch)[name] as Tree
  return names.every((name) => Object.hasOwn(b, name) && within(name, () => equals(at(a, name), at(b, name), here)))
}

/**
 * Equality of trees, an fp-ts `Eq`: the same names, in any order, with equal tensors at each, as `eqTensor` compares
 * them. An array never equals a record.
 *
 * @example
 * import { eqTree, eye, zeros } from 'pullback'
 * eqTree.equals({ W: eye(2), b: zeros([2]) }, { b: zeros([2]), W: eye(2) }) // => true
 * eqTree.equals({ W: eye(2) }, { V: eye(2) }) // => false
 */
export const eqTree: Eq<Tree> = { equals: (a, b) => equals(a, b) }
