import fc from 'fast-check'
import type { Tensor, Tree } from 'pullback'
import { tensorOf } from './tensor.ts'

/** Trees of some tensors under some names, some three levels deep, arrays and empty records among them. */
export const treesOf = (tensors: fc.Arbitrary<Tensor>, names: readonly string[]): fc.Arbitrary<Tree> =>
  fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      tensors,
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  })).tree

export const trees: fc.Arbitrary<Tree> = treesOf(tensorOf([2]), [
  'W',
  'b',
  'L1',
  'L10',
  'L2',
  'then',
  '__proto__',
  'constructor',
  'toString',
])
