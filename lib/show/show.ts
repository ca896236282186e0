import { showShape } from '../tensor/shape.ts'
import { showTensor } from '../tensor/show.ts'
import { isTensor } from '../tensor/view.ts'
import { table } from '../text/table.ts'
import type { CheckedTensor, GradReport } from '../transform/checkDiff.ts'
import { flatten } from '../tree/path.ts'
import type { Tree } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'

const number = (x: number): string => (x === 0 ? '0' : x.toExponential(3))

const row = ({
  path,
  order,
  shape,
  compared,
  by,
  worst,
  at,
  analytic,
  numeric,
  kinks,
  pass,
}: CheckedTensor): readonly string[] => [
  path === '' ? 'argument' : path,
  `${order}`,
  showShape(shape),
  pass ? 'pass' : 'FAIL',
  number(worst),
  compared === 0 ? '' : by === 'entries' ? showShape(at) : `direction ${at[0]}`,
  number(analytic),
  number(numeric),
  kinks === 0 ? `${compared} ${by}` : `${compared} ${by}, a kink within the step of ${kinks}`,
]

const showReport = ({ pass, tolerance, checked, notes }: GradReport): string =>
  [
    table(
      ['tensor', 'order', 'shape', 'result', 'worst error', 'where', 'pullback', 'differences', 'compared'],
      checked.map(row),
      [4, 6, 7],
    ),
    ...notes,
    `gradient check: ${pass ? 'pass' : 'FAIL'} (tolerance ${tolerance})`,
  ].join('\n')

/**
 * What the library makes, as text for people: a tensor with its numbers (large ones with their middle left out), a record of
 * tensors name by name, the report of a gradient check as a table.
 *
 * @example
 * import { fromNested, show } from 'pullback'
 * show(fromNested([[1, 2], [3, 4]])) // => 'float32 [2, 2]\n[[1, 2],\n [3, 4]]'
 */
export const show = (x: Tree | GradReport): string => {
  if ((x as { readonly _tag?: unknown })._tag === 'GradReport') return showReport(x as GradReport)
  if (isTensor(x)) return showTensor(x)
  return Object.entries(flatten(x as Tree))
    .map(([name, t]) => `${name}: ${showTensor(t as AnyTensor)}`)
    .join('\n')
}
