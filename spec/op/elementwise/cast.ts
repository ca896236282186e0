import { cast, fromNested, grad, op, random, type Tensor, toNested, ValueError, zeros } from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../../law/diff.ts'

t.test('cast', async (t) => {
  t.equal(cast(zeros([2]), 'float64').dtype, 'float64')
  t.same(toNested(cast(fromNested([1, -2]), 'int32')), [1, -2])
  t.same(toNested(cast(fromNested([1, 0], 'int32'), 'float32')), [1, 0])
  const x = zeros([2])
  t.equal(cast(x, 'float32'), x, 'nothing to do, nothing done')
  t.throws(() => cast(fromNested([1.5]), 'int32'), ValueError, 'nothing is truncated')
  t.throws(() => cast(fromNested([Number.NaN]), 'int32'), /whole numbers of 32 bits, got NaN/)
  const record = cast({ W: zeros([2]), y: fromNested([1], 'int32') }, 'float64')
  t.equal(record.W.dtype, 'float64')
  t.equal(record.y.dtype, 'int32', 'in a record, labels stay')
})

t.test('derivatives', async (t) => {
  lawsOfDiff(t, 'to float64', (x: Tensor) => op.cast(x, 'float64'), random.normal(random.key(1), [2, 3], 'float64'))
  const through = grad((x: Tensor) => op.cast(op.sum(op.mul(op.cast(x, 'float32'), op.cast(x, 'float32'))), 'float64'))
  const g = through(fromNested([1, 2], 'float64'))
  t.equal(g.dtype, 'float64', 'the cotangent comes back in the precision of the argument')
  t.same(toNested(g), [2, 4])
})
