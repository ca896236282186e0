import { fromNested, item, op, random, type Shape, type Tensor, toNested, ValueError, vjp } from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../law/diff.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
type Reduce = (x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) => Tensor

for (const [name, f] of [
  ['sum', op.sum as Reduce],
  ['mean', op.mean as Reduce],
  ['max', op.max as Reduce],
] as const)
  t.test(name, async (t) => {
    lawsOfDiff(t, 'all', (x: Tensor) => f(x), normal(1, [2, 3]))
    lawsOfDiff(t, 'of a scalar', (x: Tensor) => f(x), normal(1, []))
    lawsOfDiff(t, 'first axis', (x: Tensor) => f(x, 0), normal(2, [4, 3]))
    lawsOfDiff(t, 'last axis', (x: Tensor) => f(x, -1), normal(3, [4, 3]))
    lawsOfDiff(t, 'middle axis, kept', (x: Tensor) => f(x, 1, { keep: true }), normal(4, [2, 3, 2]))
    lawsOfDiff(t, 'two axes', (x: Tensor) => f(x, [0, 2]), normal(5, [2, 3, 2]))
    lawsOfDiff(t, 'batch of 1', (x: Tensor) => f(x, 0), normal(6, [1, 3]))
    lawsOfDiff(t, 'of no rows', (x: Tensor) => f(x, 1), normal(7, [0, 3]))
    t.same(f(normal(1, [2, 3, 4]), [0, -1]).shape, [3])
    t.same(f(normal(1, [2, 3, 4]), [0, -1], { keep: true }).shape, [1, 3, 1])
    t.throws(() => f(normal(1, [2]), 1), /an axis of \[2\], got 1/)
    t.throws(() => f(normal(1, [2, 2]), [0, -2]), /each axis once/)
  })

t.test('of nothing', async (t) => {
  t.same(toNested(op.sum(normal(1, [0, 3]), 0)), [0, 0, 0])
  t.equal(item(op.sum(normal(1, [0]))), 0)
  t.throws(() => op.mean(normal(1, [0, 3]), 0), /mean: expected at least one entry, got \[0, 3\]/)
  t.throws(() => op.max(normal(1, [3, 0]), 1), ValueError)
  t.throws(() => op.argmax(normal(1, [3, 0])), ValueError)
})

t.test('ties and NaN', async (t) => {
  const [y, back] = vjp((x: Tensor) => op.max(x, 1))(fromNested([[2, 5, 5]]))
  t.same(toNested(y), [5])
  t.same(toNested(back(fromNested([3]))), [[0, 3, 0]], 'the first of equals gets the cotangent')
  t.same(
    toNested(
      op.argmax(
        fromNested([
          [2, 5, 5],
          [1, Number.NaN, 7],
        ]),
      ),
    ),
    [1, 1],
  )
  t.same(
    toNested(
      op.argmax(
        fromNested([
          [2, 5],
          [7, 1],
        ]),
        0,
      ),
    ),
    [1, 0],
  )
  t.same(toNested(op.max(fromNested([1, Number.NaN, 3]))), Number.NaN)
})

t.test('argmax of integers is refused by its types', async (t) => {
  // @ts-expect-error scores are floats
  t.same(toNested(op.argmax(fromNested([1, 3], 'int32'))), 1)
})
