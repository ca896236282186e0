// What depends on the order of entries: running sums, sorting, the smallest; and products and spreads.
import { fromNested, grad, item, op, random, type Shape, type Tensor, toNested, vjp } from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../../law/diff.ts'

const { POSITIVE_INFINITY: inf, NaN: nan } = Number
const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
type Reduce = (x: Tensor, axes?: number | readonly number[], options?: object) => Tensor

const reductions: readonly (readonly [string, Reduce, empty?: true])[] = [
  ['min', op.min as Reduce],
  ['prod', op.prod as Reduce, true],
  ['variance', op.variance as Reduce],
  ['std', op.std as Reduce],
]
for (const [name, f, empty] of reductions)
  t.test(name, async (t) => {
    lawsOfDiff(t, 'all', (x: Tensor) => f(x), normal(1, [2, 3]))
    lawsOfDiff(t, 'first axis', (x: Tensor) => f(x, 0), normal(2, [5, 3]))
    lawsOfDiff(t, 'middle axis, kept', (x: Tensor) => f(x, 1, { keep: true }), normal(4, [2, 3, 2]))
    lawsOfDiff(t, 'of no rows', (x: Tensor) => f(x, 1), normal(7, [0, 3]))
    t.same(f(normal(1, [2, 3, 4]), [0, -1], { keep: true }).shape, [1, 3, 1])
    if (empty) t.same(toNested(f(normal(1, [0, 2]), 0)), [1, 1])
    else t.throws(() => f(normal(1, [0, 3]), 0), new RegExp(`${name}: expected at least one entry, got \\[0, 3\\]`))
    t.throws(() => f(fromNested([1], 'int32') as never), /float32 or float64/)
  })

t.test('prod with zeros', async (t) => {
  const slope = (xs: readonly number[]) => toNested(grad((x: Tensor) => op.prod(x))(fromNested(xs, 'float64')))
  t.same(slope([0, 2, 3]), [6, 0, 0])
  t.same(slope([0, 2, 0]), [0, 0, 0])
  t.same(slope([5]), [1])
  t.equal(item(op.prod(fromNested([1, 2, 3, 4, 5, 6, 7]))), 5040)
})

t.test('spread', async (t) => {
  const x = fromNested(
    [
      [1e4 + 1, 1e4 + 3],
      [2, 2],
    ],
    'float64',
  )
  t.same(toNested(op.variance(x, 1)), [1, 0], 'a large mean takes no digits')
  t.same(toNested(op.round(op.scale(op.std(x, 1, { correction: 1 }), 1e6))), [1414214, 0])
  t.same(toNested(op.round(op.scale(vjp((y: Tensor) => op.std(y, 1))(x)[1](fromNested([1, 1], 'float64')), 2e6))), [
    [-1e6, 1e6],
    [0, 0],
  ])
  t.throws(
    () => op.variance(fromNested([1]), 0, { correction: 1 }),
    /variance: expected more than 1 entries, got \[1\]/,
  )
  t.throws(() => op.std(fromNested([1]), 0, { ddof: 1 } as never), /ddof/)
})

t.test('cumsum', async (t) => {
  lawsOfDiff(t, 'rows', (x: Tensor) => op.cumsum(x), normal(1, [2, 4]))
  lawsOfDiff(t, 'columns', (x: Tensor) => op.cumsum(x, 0), normal(1, [4, 2]))
  lawsOfDiff(t, 'none', (x: Tensor) => op.cumsum(x), normal(1, [2, 0]))
  t.same(toNested(op.cumsum(fromNested([1, 2, 3]))), [1, 3, 6])
  t.throws(() => op.cumsum(normal(1, [2]), 1), /cumsum: expected an axis of \[2\], got 1/)
})

t.test('sort, argsort and topK', async (t) => {
  lawsOfDiff(t, 'sort', (x: Tensor) => op.sort(x), normal(1, [1, 7]))
  lawsOfDiff(t, 'sort by columns', (x: Tensor) => op.sort(x, 0), normal(2, [5, 2]))
  lawsOfDiff(t, 'topK', (x: Tensor) => op.topK(x, 2).values, normal(3, [2, 5]))
  lawsOfDiff(t, 'of nothing', (x: Tensor) => op.sort(x), normal(3, [2, 0]))
  const x = fromNested([3, nan, -inf, 3, 0, -0, inf, 1])
  t.same(toNested(op.argsort(x)), [2, 4, 5, 7, 0, 3, 6, 1], 'stable, NaN last')
  t.same(toNested(op.sort(x)), [-inf, 0, -0, 1, 3, 3, inf, nan])
  const { values, indices } = op.topK(x, 3)
  t.same(toNested(values), [inf, 3, 3])
  t.same(toNested(indices), [6, 0, 3], 'of equal entries the first')
  t.same(op.topK(normal(1, [2, 3]), 0).values.shape, [2, 0])
  const many = normal(4, [1000])
  t.same(
    toNested(op.sort(many)),
    [...(toNested(many) as number[])].sort((a, b) => a - b),
  )
  const [, back] = vjp((y: Tensor) => op.sort(y))(fromNested([2, 1, 2]))
  t.same(toNested(back(fromNested([10, 20, 30]))), [20, 10, 30])
  for (const k of [-1, 9, 1.5, nan]) t.throws(() => op.topK(x, k), /topK: expected a whole k from 0 to 8/)
  t.throws(() => op.sort(fromNested([1], 'int32') as never), /float32 or float64/)
})
