import type { Eq } from '#fp/Eq'
import { eqTensor } from '../tensor/eq.ts'
import { isTensor } from '../tensor/view.ts'
import { type Branch, namesOf, type Tree } from './tree.ts'

const equals = (a: Tree, b: Tree): boolean => {
  if (isTensor(a) && isTensor(b)) return eqTensor.equals(a, b)
  if (isTensor(a) || isTensor(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const names = namesOf('eqTree', a)
  return (
    namesOf('eqTree', b).length === names.length &&
    names.every((name) => Object.hasOwn(b, name) && equals((a as Branch)[name] as Tree, (b as Branch)[name] as Tree))
  )
}

/**
 * Equality of trees, an fp-ts `Eq`: the same names, in any order, and at each of them equal tensors, as `eqTensor` has it. An array
 * equals no record.
 *
 * @example
 * import { eqTree, eye, zeros } from 'pullback'
 * eqTree.equals({ W: eye(2), b: zeros([2]) }, { b: zeros([2]), W: eye(2) }) // => true
 * eqTree.equals({ W: eye(2) }, { V: eye(2) }) // => false
 */
export const eqTree: Eq<Tree> = { equals }
