// Entries taken and put along an axis by an index for each; rows put in places.
import { fromNested, op, random, type Shape, type Tensor, toNested } from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../../law/diff.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const ints = (rows: never): Tensor<Shape, 'int32'> => fromNested(rows, 'int32')
const index = ints([
  [2, 0, 2, 2],
  [1, 1, 0, 2],
] as never)

t.test('derivatives', async (t) => {
  lawsOfDiff(t, 'takeAlong', (x: Tensor) => op.takeAlong(x, index), normal(1, [2, 3]))
  lawsOfDiff(t, 'takeAlong, first axis', (x: Tensor) => op.takeAlong(x, ints([[1, 0]] as never), 0), normal(1, [3, 2]))
  lawsOfDiff(t, 'putAlong', (x: Tensor) => op.putAlong(x, index, 3), normal(1, [2, 4]))
  lawsOfDiff(t, 'scatter', (x: Tensor) => op.scatter(x, ints([3, 0, 3] as never), 4), normal(1, [3, 2]))
})

t.test('values', async (t) => {
  const x = fromNested([
    [1, 2, 3],
    [4, 5, 6],
  ])
  t.same(toNested(op.takeAlong(x, index)), [
    [3, 1, 3, 3],
    [5, 5, 4, 6],
  ])
  t.same(toNested(op.putAlong(op.takeAlong(x, index), index, 3)), [
    [1, 0, 9],
    [4, 10, 6],
  ])
  t.same(toNested(op.scatter(x, ints([1, 1] as never), 3)), [
    [0, 0, 0],
    [5, 7, 9],
    [0, 0, 0],
  ])
  t.same(op.takeAlong(x, ints([[], []] as never)).shape, [2, 0])
})

t.test('what is refused', async (t) => {
  const x = normal(1, [2, 3])
  t.throws(
    () => op.takeAlong(x, ints([[3], [0]] as never)),
    /takeAlong: expected indices from 0 to 2, got 3 at index \[0, 0\]/,
  )
  t.throws(() => op.takeAlong(x, ints([[-1], [0]] as never)), /from 0 to 2, got -1/)
  t.throws(() => op.takeAlong(x, ints([0] as never)), /takeAlong: expected an index of shape \[2, \?\], got \[1\]/)
  t.throws(() => op.takeAlong(x, fromNested([[1], [0]]) as never), /int32/)
  t.throws(() => op.putAlong(x, index, 3), /putAlong: expected an index of shape \[2, 3\], got \[2, 4\]/)
  t.throws(() => op.putAlong(normal(1, [2, 4]), index, 2), /indices from 0 to 1, got 2/)
  t.throws(
    () => op.scatter(x, ints([0, 1, 2] as never), 3),
    /rows that begin with the sizes \[3\] of the index, got \[2, 3\]/,
  )
  t.throws(() => op.scatter(x, ints([0, 5] as never), 3), /scatter: expected indices from 0 to 2, got 5/)
  t.throws(() => op.scatter(x, ints([0, 1] as never), -1), /not negative/)
})
