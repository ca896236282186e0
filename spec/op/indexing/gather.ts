import { fromNested, op, random, type Shape, ShapeError, type Tensor, toNested, ValueError } from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../../law/diff.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')

t.test('gather and pick', async (t) => {
  const rows = fromNested([2, 0, 2], 'int32')
  const grid = fromNested(
    [
      [2, 0],
      [1, 1],
    ],
    'int32',
  )
  lawsOfDiff(t, 'rows', (x: Tensor) => op.gather(x, rows), normal(1, [3, 2]))
  lawsOfDiff(t, 'a grid of rows', (x: Tensor) => op.gather(x, grid), normal(1, [3, 2]))
  lawsOfDiff(t, 'entries', (x: Tensor) => op.gather(x, rows), normal(1, [3]))
  lawsOfDiff(t, 'no rows', (x: Tensor) => op.gather(x, fromNested([], 'int32')), normal(1, [3, 2]))
  lawsOfDiff(t, 'one of each row', (x: Tensor) => op.pick(x, rows), normal(1, [3, 4]))
  lawsOfDiff(t, 'of each row of a batch', (x: Tensor) => op.pick(x, grid), normal(1, [2, 2, 3]))
  lawsOfDiff(t, 'of no rows', (x: Tensor) => op.pick(x, fromNested([], 'int32')), normal(1, [0, 4]))
  const transposed = op.transpose(
    fromNested(
      [
        [0, 1],
        [2, 1],
        [0, 2],
      ],
      'int32',
    ),
  )
  t.same(
    toNested(op.gather(fromNested([10, 20, 30]), transposed)),
    [
      [10, 30, 10],
      [20, 20, 30],
    ],
    'an index of any layout',
  )
  t.throws(() => op.gather(normal(1, [3, 2]), fromNested([0, 3], 'int32')), /indices from 0 to 2, got 3 at index \[1\]/)
  t.throws(() => op.gather(normal(1, [3, 2]), fromNested([-1], 'int32')), ValueError)
  t.throws(() => op.gather(normal(1, [3, 2]), fromNested([0]) as never), /labels or indices in int32, got float32/)
  t.throws(() => op.gather(normal(1, []), rows), ShapeError)
  t.throws(() => op.pick(normal(1, [3, 2]), fromNested([0, 1], 'int32')), /an index of shape \[3\], got \[2\]/)
  t.throws(() => op.pick(normal(1, [3, 2]), rows), ValueError)
})
