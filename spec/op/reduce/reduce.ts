import {
  fromArray,
  fromNested,
  grad,
  item,
  op,
  random,
  type Shape,
  type Tensor,
  toArray,
  toNested,
  ValueError,
  vjp,
} from 'pullback'
import t from 'tap'
import { reference } from '../../../lib/kernel/reference/reference.ts'
import { lawsOfDiff } from '../../law/diff.ts'
import { engines, on } from '../../support/engines.ts'

const { POSITIVE_INFINITY: inf, NaN: nan } = Number

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
type Reduce = (x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) => Tensor

for (const [name, f] of [
  ['sum', op.sum as Reduce],
  ['mean', op.mean as Reduce],
  ['max', op.max as Reduce],
  ['norm', op.norm as Reduce],
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

t.test('sums of many numbers, on every engine', async (t) => {
  const n = 20_000
  const tenths = fromArray(new Array(n).fill(0.1), [n], 'float64') as Tensor
  for (const engine of engines)
    on(engine, () => {
      const bound = engine === reference ? 0 : 4e-10
      t.ok(Math.abs(item(op.sum(tenths)) - 2000) <= bound, `${engine.name}: found ${item(op.sum(tenths))}`)
    })
  on(reference, () => {
    t.equal(item(op.sum(fromArray([1e100, 1, -1e100], [3], 'float64'))), 1)
    t.equal(toArray(op.mean(tenths))[0], 0.1)
    t.same(toArray(op.sum(fromArray([inf, 1, inf, -inf, nan, 1], [3, 2], 'float64'), 1)), [inf, nan, nan])
    t.equal(item(op.sum(fromArray([1e308, 1e308], [2], 'float64'))), inf)
    t.equal(toArray(op.logSumExp(op.scale(tenths, 0)))[0], Math.log(n))
  })
})

t.test('norm', async (t) => {
  const lengths = (rows: readonly (readonly number[])[]) => op.norm(fromNested(rows, 'float64') as Tensor, 1)
  const rows = [
    [3, 4],
    [0, 0],
    [3e200, -4e200],
    [3e-200, 4e-200],
    [5e-324, 0],
    [-inf, 1],
    [nan, 1],
  ]
  const said = [5, 0, 5e200, 5e-200, 5e-324, inf, nan]
  const found = toArray(lengths(rows))
  t.ok(
    said.every((v, i) => Object.is(found[i], v) || Math.abs((found[i] as number) / v - 1) < 1e-15),
    `found ${found}`,
  )
  t.equal(toArray(op.norm(fromArray([3e30, 4e30], [2])))[0], Math.fround(5e30))
  t.same(toArray(op.norm(fromArray([], [3, 0]), 1)), [0, 0, 0])
  t.same(toArray(op.norm(fromArray([], [0]))), [0])
  const slopes = grad((x: Tensor) => op.sum(op.norm(x, 1)))
  const x = fromNested(
    [
      [3, 4],
      [0, 0],
      [3e200, -4e200],
      [nan, 1],
    ],
    'float64',
  ) as Tensor
  const d = toArray(slopes(x))
  t.ok(
    [0.6, 0.8, 0, 0, 0.6, -0.8].every((v, i) => Math.abs((d[i] as number) - v) < 1e-15),
    `found ${d}`,
  )
  t.same(d.slice(6), [nan, nan])
  const second = grad((y: Tensor) => op.sum(op.mul(slopes(y), fromArray([1, 2], [1, 2], 'float64'))))
  t.same(toArray(second(fromNested([[0, 0]], 'float64') as Tensor)), [0, 0])
})
