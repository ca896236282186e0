// Entries reversed, rolled, stacked, repeated and padded; triangles of matrices.
import { fromNested, op, random, type Shape, type Tensor, toNested } from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../../law/diff.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const x = fromNested([
  [1, 2, 3],
  [4, 5, 6],
])

const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  flip: (x) => op.flip(x, 1),
  roll: (x) => op.roll(x, 2, 1),
  stack: (x) => op.stack([x, op.scale(x, 2)], -1) as Tensor,
  tile: (x) => op.tile(x, [2, 3]),
  pad: (x) => op.pad(x, [1, [0, 2]], -1),
  tril: (x) => op.tril(x),
  triu: (x) => op.triu(x, 1),
}
for (const [name, f] of Object.entries(functions))
  t.test(name, async (t) => {
    for (const shape of [
      [2, 3],
      [3, 1],
      [0, 2],
    ])
      lawsOfDiff(t, `${name} ${shape}`, f, normal(1, shape))
  })

t.test('flip and roll', async (t) => {
  t.same(toNested(op.flip(x)), [
    [6, 5, 4],
    [3, 2, 1],
  ])
  t.same(toNested(op.flip(x, [0])), [
    [4, 5, 6],
    [1, 2, 3],
  ])
  t.same(toNested(op.roll(x, 1)), [
    [3, 1, 2],
    [6, 4, 5],
  ])
  t.same(toNested(op.roll(x, -1, 0)), [
    [4, 5, 6],
    [1, 2, 3],
  ])
  t.same(toNested(op.roll(x, 7)), toNested(op.roll(x, 1)))
  t.same(toNested(op.roll(fromNested([1, 2], 'int32'), 1)), [2, 1])
  t.throws(() => op.roll(x, 0.5), /roll: expected a whole number of places, got 0.5/)
  t.throws(() => op.flip(x, 2 as never), /flip: expected an axis of \[2, 3\], got 2/)
})

t.test('stack', async (t) => {
  const a = fromNested([1, 2])
  t.same(toNested(op.stack([a, a, a])), [
    [1, 2],
    [1, 2],
    [1, 2],
  ])
  t.same(op.stack([x, x], 2).shape, [2, 3, 2])
  t.same(op.stack([x, x], -3).shape, [2, 2, 3])
  t.same(toNested(op.stack([fromNested(1), fromNested(2)] as never[])), [1, 2], 'of scalars')
  t.throws(() => op.stack([]), /stack: expected at least one tensor/)
  t.throws(() => op.stack(a as never), /write \[a, b\]/)
  t.throws(() => op.stack([a, x]), /stack: expected two tensors of one shape/)
  t.throws(() => op.stack([a], 2), /stack: expected an axis of \[2, 1\], got 2/)
})

t.test('tile and pad', async (t) => {
  t.same(toNested(op.tile(fromNested([1, 2]), [3])), [1, 2, 1, 2, 1, 2])
  t.same(op.tile(x, [0, 1]).shape, [0, 3])
  t.throws(() => op.tile(x, [2] as never), /a number of times for each axis of \[2, 3\], got \[2\]/)
  t.same(toNested(op.pad(fromNested([1, 2], 'int32'), [[1, 0]], 7)), [7, 1, 2])
  t.same(toNested(op.pad(fromNested([1]), [1], Number.NEGATIVE_INFINITY)), [-Infinity, 1, -Infinity])
  for (const widths of [[1], [1, -1], [1, [1]], [1, 0.5], 3])
    t.throws(
      () => op.pad(x, widths as never),
      /pad: expected \[before, after\], or one number for both, for each axis of \[2, 3\]/,
    )
})

t.test('triangles', async (t) => {
  const nan = fromNested([
    [1, Number.NaN],
    [3, 4],
  ])
  t.same(
    toNested(op.tril(nan)),
    [
      [1, 0],
      [3, 4],
    ],
    'what is cut off is 0, NaN too',
  )
  t.same(toNested(op.triu(x, -1)), [
    [1, 2, 3],
    [4, 5, 6],
  ])
  t.same(toNested(op.tril(x, -2)), [
    [0, 0, 0],
    [0, 0, 0],
  ])
  t.throws(() => op.tril(fromNested([1])), /tril: expected at least 2 axes/)
  t.throws(() => op.triu(x, 0.5), /triu: expected a whole number for the diagonal, got 0.5/)
})
