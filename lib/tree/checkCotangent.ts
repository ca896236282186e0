import { DTypeError, ShapeError, within } from '../error/tensorError.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { type Branch, checkNames, type Tree } from './tree.ts'

/**
 * Checks that a cotangent has the structure, shapes and number formats of the value, or a direction those of the
 * argument.
 */
export const checkCotangent = (
  op: string,
  value: Tree,
  cotangent: Tree,
  what: 'a cotangent' | 'a direction' = 'a cotangent',
  as: 'the value' | 'the argument' = 'the value',
): void => {
  if (!isTensor(value) || !isTensor(cotangent)) {
    for (const name of checkNames(op, value, cotangent))
      within(name, () =>
        checkCotangent(op, (value as Branch)[name] as Tree, (cotangent as Branch)[name] as Tree, what, as),
      )
    return
  }
  if (!sameShape(value.shape, cotangent.shape))
    throw new ShapeError({
      op,
      expected: `${what} ${showShape(value.shape)}, as ${as}`,
      actual: showShape(cotangent.shape),
    })
  if (value.dtype !== cotangent.dtype)
    throw new DTypeError({ op, expected: `${what} in ${value.dtype}, as ${as}`, actual: cotangent.dtype })
}
