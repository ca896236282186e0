import { approxEqual, fromNested, item, op, random, type Shape, type Tensor, toArray, toNested, vjp } from 'pullback'
import t from 'tap'
import { softmaxPullbackComposite } from '../../../lib/op/reduce/softmax.ts'
import { closeTrees, lawsOfDiff } from '../../law/diff.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const inf = Number.POSITIVE_INFINITY

for (const [name, f] of [
  ['softmax', op.softmax as (x: Tensor, axis?: number) => Tensor],
  ['logSoftmax', op.logSoftmax as (x: Tensor, axis?: number) => Tensor],
  ['logSumExp', op.logSumExp as (x: Tensor, axis?: number) => Tensor],
] as const)
  t.test(name, async (t) => {
    lawsOfDiff(t, 'vector', (x: Tensor) => f(x), normal(1, [4]))
    lawsOfDiff(t, 'rows', (x: Tensor) => f(x), normal(2, [3, 4]))
    lawsOfDiff(t, 'columns', (x: Tensor) => f(x, 0), normal(3, [3, 2]))
    lawsOfDiff(t, 'middle axis', (x: Tensor) => f(x, 1), normal(4, [2, 3, 2]))
    lawsOfDiff(t, 'batch of 1', (x: Tensor) => f(x), normal(5, [1, 2]))
    lawsOfDiff(t, 'no rows', (x: Tensor) => f(x), normal(6, [0, 2]))
    t.throws(() => f(normal(1, [2]), 1), /an axis of \[2\], got 1/)
    t.throws(() => f(normal(1, []), 0), /an axis of \[\]/)
    t.throws(() => f(fromNested([1], 'int32') as never), /float32 or float64, got int32/)
  })

t.test('numerics', async (t) => {
  t.same(toNested(op.softmax(fromNested([1e30, -1e30]))), [1, 0])
  t.same(toNested(op.logSoftmax(fromNested([1e30, -1e30], 'float64'))), [0, -2e30])
  t.same(toNested(op.softmax(fromNested([0, -inf]))), [1, 0])
  t.equal(item(op.logSumExp(fromNested([1000, 1000], 'float64'))), 1000 + Math.log(2))
  t.equal(item(op.logSumExp(fromNested([-inf, -inf]))), -inf)
  t.equal(item(op.logSumExp(fromNested([inf, 0]))), inf)
  t.equal(item(op.logSumExp(fromNested([]))), -inf)
  const x = normal(1, [5, 7])
  t.ok(approxEqual(op.exp(op.logSoftmax(x)), op.softmax(x), { relative: 1e-14 }))
  t.ok(approxEqual(op.sum(op.softmax(x), 1), fromNested([1, 1, 1, 1, 1]), { relative: 1e-14 }))
})

t.test('values along every axis, written out', async (t) => {
  const shape = [2, 3, 4]
  const x = normal(7, shape)
  const xs = toArray(x)
  const strides = [12, 4, 1]
  for (const axis of [0, 1, 2, -1, -2, -3]) {
    const at = (axis + 3) % 3
    const [n, step] = [shape[at] as number, strides[at] as number]
    const line = (i: number): readonly number[] => {
      const first = i - (Math.floor(i / step) % n) * step
      return Array.from({ length: n }, (_, j) => xs[first + j * step] as number)
    }
    const total = (i: number): number => line(i).reduce((s, v) => s + Math.exp(v), 0)
    const near = (found: Tensor, said: readonly number[], name: string) => {
      const ys = toArray(found)
      t.ok(
        ys.length === said.length && said.every((v, i) => Math.abs((ys[i] as number) - v) < 1e-14),
        `${name}, ${axis}`,
      )
    }
    near(
      op.softmax(x, axis as never),
      xs.map((v, i) => Math.exp(v) / total(i)),
      'softmax',
    )
    near(
      op.logSoftmax(x, axis as never),
      xs.map((v, i) => v - Math.log(total(i))),
      'logSoftmax',
    )
    const firsts = xs.flatMap((_, i) => (Math.floor(i / step) % n === 0 ? [i] : []))
    near(
      op.logSumExp(x, axis as never) as Tensor,
      firsts.map((i) => Math.log(total(i))),
      'logSumExp',
    )
    near(
      op.sum(x, axis as never) as Tensor,
      firsts.map((i) => line(i).reduce((a, b) => a + b, 0)),
      'sum',
    )
    near(
      op.mean(x, axis as never) as Tensor,
      firsts.map((i) => line(i).reduce((a, b) => a + b, 0) / n),
      'mean',
    )
    near(
      op.norm(x, axis as never) as Tensor,
      firsts.map((i) => Math.hypot(...line(i))),
      'norm',
    )
    near(
      op.max(x, axis as never) as Tensor,
      firsts.map((i) => Math.max(...line(i))),
      'max',
    )
    const best = firsts.map((i) => line(i).indexOf(Math.max(...line(i))))
    t.same(toArray(op.argmax(x, axis as never)), best, `argmax, ${axis}`)
  }
})

t.test('the fused pullback is its composite', async (t) => {
  for (const shape of [
    [3, 7],
    [2, 1],
    [0, 4],
    [2, 0],
  ]) {
    const y = op.softmax(op.scale(random.normal(random.key(1), shape, 'float64') as Tensor, 20)) as Tensor
    const d = random.normal(random.key(2), shape, 'float64') as Tensor
    const [value, back] = vjp((x: Tensor) => op.softmax(x) as Tensor)(op.log(y) as Tensor)
    t.ok(closeTrees(back(d), softmaxPullbackComposite(d, value), 1e-13), `${shape}`)
  }
})
