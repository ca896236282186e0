import { type Tree, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'

/**
 * The sum of two trees of one structure, tensor by tensor. Integers, which have no cotangents, are taken from the
 * first.
 */
export const addTrees = <T extends Tree>(a: T, b: NoInfer<T>, op?: string): T =>
  zipTrees(a, b, (x, y) => (x.dtype === 'int32' ? x : add(x as Tensor, y as Tensor)), op)
