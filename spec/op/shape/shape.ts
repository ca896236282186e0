import {
  fromArray,
  fromNested,
  op,
  random,
  range,
  type Shape,
  ShapeError,
  type Tensor,
  toArray,
  toNested,
  vjp,
} from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../../law/diff.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')

t.test('reshape', async (t) => {
  lawsOfDiff(t, 'to a vector', (x: Tensor) => op.reshape(x, [-1]), normal(1, [2, 3]))
  lawsOfDiff(t, 'to rank 3', (x: Tensor) => op.reshape(x, [2, 1, 3]), normal(1, [3, 2]))
  lawsOfDiff(t, 'of nothing', (x: Tensor) => op.reshape(x, [3, 0]), normal(1, [0, 2]))
  lawsOfDiff(t, 'to a scalar', (x: Tensor) => op.reshape(x, []), normal(1, [1, 1]))
  t.same(op.reshape(normal(1, [2, 6]), [3, -1]).shape, [3, 4])
  t.throws(
    () => op.reshape(normal(1, [2, 3]), [4] as Shape),
    /expected a shape of 6 entries, as \[2, 3\] has, got \[4\]/,
  )
  t.throws(() => op.reshape(normal(1, [2, 3]), [-1, 4] as Shape), ShapeError)
  t.throws(() => op.reshape(normal(1, [2, 3]), [-1, -1] as Shape), ShapeError)
  t.throws(() => op.reshape(normal(1, [0, 3]), [-1, 0] as Shape), ShapeError, 'zero times what is zero?')
  const x = op.reshape(range(0, 6), [2, 3])
  t.same(
    toArray(op.reshape(op.transpose(x), [6])),
    [0, 3, 1, 4, 2, 5],
    'row-major order of the view, not of the buffer',
  )
})

t.test('transpose', async (t) => {
  lawsOfDiff(t, 'matrix', op.transpose as (x: Tensor) => Tensor, normal(1, [2, 3]))
  lawsOfDiff(t, 'order', (x: Tensor) => op.transpose(x, [2, 0, 1]), normal(1, [2, 3, 4]))
  lawsOfDiff(t, 'of nothing', (x: Tensor) => op.transpose(x, [-1, 0, 1]), normal(1, [2, 0, 4]))
  t.same(op.transpose(normal(1, [2, 3, 4]), [2, 0, 1]).shape, [4, 2, 3])
  t.throws(() => op.transpose(normal(1, [2, 3]), [0] as never), /all axes of \[2, 3\], got \[0\]/)
  t.throws(() => op.transpose(normal(1, [2, 3]), [0, 0] as never), /each axis once/)
  t.throws(() => op.transpose(normal(1, [2, 3]), [0, 2] as never), /an axis of \[2, 3\], got 2/)
})

t.test('broadcast', async (t) => {
  lawsOfDiff(t, 'new axes', (x: Tensor) => op.broadcast(x, [2, 4, 3]), normal(1, [3]))
  lawsOfDiff(t, 'size 1', (x: Tensor) => op.broadcast(x, [4, 3]), normal(1, [4, 1]))
  lawsOfDiff(t, 'a scalar', (x: Tensor) => op.broadcast(x, [2, 2]), normal(1, []))
  lawsOfDiff(t, 'to nothing', (x: Tensor) => op.broadcast(x, [0, 3]), normal(1, [3]))
  lawsOfDiff(t, 'to itself', (x: Tensor) => op.broadcast(x, [1, 3]), normal(1, [1, 3]))
  t.throws(() => op.broadcast(normal(1, [2]), [3]), /a shape that \[2\] repeats to, got \[3\]/)
  t.throws(() => op.broadcast(normal(1, [2, 2]), [2]), ShapeError)
})

t.test('slice', async (t) => {
  const x = op.reshape(range(0, 24), [2, 3, 4])
  t.same(toNested(op.slice(x, [1, 2])), [20, 21, 22, 23])
  t.same(toNested(op.slice(x, [-1, -1, -1])), 23)
  t.same(toNested(op.slice(x, [0, null, [1, 3]])), [
    [1, 2],
    [5, 6],
    [9, 10],
  ])
  t.same(toNested(op.slice(x, [0, 0, [null, null, 2]])), [0, 2])
  t.same(toNested(op.slice(x, [0, 0, [null, null, -1]])), [3, 2, 1, 0])
  t.same(toNested(op.slice(x, [0, 0, [3, 0, -2]])), [3, 1])
  t.same(op.slice(x, [[2, 2]]).shape, [0, 3, 4])
  t.same(op.slice(x, [[1, 0]]).shape, [0, 3, 4])
  lawsOfDiff(t, 'rows', (a: Tensor) => op.slice(a, [[1, 3]]), normal(1, [4, 2]))
  lawsOfDiff(t, 'an entry', (a: Tensor) => op.slice(a, [1, 0]), normal(1, [4, 2]))
  lawsOfDiff(t, 'steps backward', (a: Tensor) => op.slice(a, [null, [null, null, -2]]), normal(1, [2, 5]))
  lawsOfDiff(t, 'nothing', (a: Tensor) => op.slice(a, [[2, 2]]), normal(1, [4, 2]))
  lawsOfDiff(t, 'of nothing', (a: Tensor) => op.slice(a, [null, [0, 1]]), normal(1, [0, 2]))
  t.throws(() => op.slice(x, [2]), /an index of axis 0, which has 2 entries, got 2/)
  t.throws(() => op.slice(x, [null, [0, 4]]), /an index of axis 1, which has 3 entries, got 4/, 'nothing is clipped')
  t.throws(() => op.slice(x, [[0, 2, 0]]), /a whole step that is not 0/)
  t.throws(() => op.slice(x, [0, 0, 0, 0]), /at most 3 ranges/)
  t.throws(() => op.slice(x, [0.5]), ShapeError)
})

t.test('concat', async (t) => {
  const pair = { a: normal(1, [2, 3]), b: normal(2, [2, 1]) }
  lawsOfDiff(t, 'columns', ({ a, b }: typeof pair) => op.concat([a, b], 1), pair)
  lawsOfDiff(t, 'three', ({ a, b }: typeof pair) => op.concat([a, b, a], -1), pair)
  lawsOfDiff(t, 'rows, one empty', ({ a, b }: typeof pair) => op.concat([a, b]), {
    a: normal(1, [0, 3]),
    b: normal(2, [2, 3]),
  })
  lawsOfDiff(t, 'one', (a: Tensor) => op.concat([a]), normal(1, [2, 2]))
  t.same(toNested(op.concat([fromNested([1], 'int32'), fromNested([2], 'int32')])), [1, 2], 'of integers too')
  const long = Array.from({ length: 100_000 }, (_, i) => fromNested([i]))
  t.equal(op.concat(long).size, 100_000, 'any number of tensors')
  t.ok(
    toArray(op.concat(long)).every((v, i) => v === i),
    'in their order',
  )
  const pairs = Array.from({ length: 2001 }, (_, i) => fromNested([[i], [-i]]))
  const rows = toNested(op.concat(pairs, 1)) as number[][]
  t.ok(
    rows.length === 2 &&
      rows.every((row, r) => row.length === 2001 && row.every((v, i) => v === (r ? -i : i) || i === 0)),
  )
  const sources = pairs.slice(0, 1001).map((x) => op.cast(x, 'float64') as Tensor)
  const [joined, back] = vjp((xs: readonly Tensor[]) => op.concat(xs, 1) as Tensor)(sources)
  t.ok(
    back(joined).every((d, i) => String(toArray(d)) === String(toArray(sources[i] as Tensor))),
    'each gets its part of the cotangent back',
  )
  t.throws(() => op.concat([]), /at least one tensor, got none/)
  t.throws(
    () => op.concat([normal(1, [2, 3]), normal(1, [2, 2])]),
    /expected \[\?, 3\], as the first has, got \[2, 2\]/,
  )
  t.throws(() => op.concat([normal(1, [2]), fromNested([1])] as Tensor[]), /one number format/)
})

t.test('a Diff of an operation holds in their slots the arguments that have no cotangent', async (t) => {
  const [x, d] = [normal(1, [3, 2]), normal(2, [2, 2])]
  const index = fromNested([2, 0], 'int32')
  const [rows, backRows] = op.gather.diff([x, index] as never)
  const [dx, held] = backRows(d as never) as unknown as readonly [Tensor, unknown]
  t.same(toArray(rows), toArray(op.gather(x, index)))
  t.equal(held, index)
  const [e0, e1, e2, e3] = toArray(d)
  t.same(toArray(dx), [e2, e3, 0, 0, e0, e1])
  const columns = fromNested([1, 0, 1], 'int32')
  const [, backEntries] = op.pick.diff([x, columns] as never)
  const [dPicked, alsoHeld] = backEntries(fromArray([5, 6, 7], [3], 'float64') as never) as unknown as readonly [
    Tensor,
    unknown,
  ]
  t.same(toArray(dPicked), [0, 5, 6, 0, 0, 7])
  t.equal(alsoHeld, columns)
  const [, backScaled] = op.addScaled.diff([x, x, 3])
  t.equal((backScaled(x as never) as unknown as readonly unknown[])[2], 3)
})
