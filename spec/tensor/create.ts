import { eye, full, ones, range, ShapeError, toNested, ValueError, zeros } from 'pullback'
import t from 'tap'

t.test('full, zeros, ones', async (t) => {
  t.same(toNested(full([2, 2], 1.5)), [
    [1.5, 1.5],
    [1.5, 1.5],
  ])
  t.equal(zeros([2]).dtype, 'float32')
  t.equal(ones([2], 'float64').dtype, 'float64')
  t.same(toNested(ones([2], 'int32')), [1, 1])
  t.same(zeros([0, 3]).shape, [0, 3])
  t.equal(toNested(zeros([])), 0)
  t.same(zeros([1, 2, 3, 1, 2]).shape, [1, 2, 3, 1, 2], 'rank 5')
  t.throws(() => zeros([-1]), ShapeError)
  t.throws(() => zeros([1.5]), /whole sizes that are not negative, got \[1.5\]/)
  t.throws(() => full([1], 0.5, 'int32'), ValueError)
})

t.test('range and eye', async (t) => {
  t.same(toNested(range(0, 5)), [0, 1, 2, 3, 4])
  t.same(toNested(range(5, 0, -2)), [5, 3, 1])
  t.same(toNested(range(0, 3, 1, 'int32')), [0, 1, 2])
  t.same(toNested(range(3, 0)), [])
  t.throws(() => range(0, 1, 0), ValueError)
  t.throws(() => range(0, Number.POSITIVE_INFINITY), ValueError)
  t.throws(() => range(0, 2, 0.5, 'int32'), ValueError, 'fractions in int32')
  t.throws(() => range(0, 1.5, 0.5, 'int32'), /0.5/, 'though the first and the last are whole')
  t.same(toNested(eye(3)), [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ])
  t.same(eye(0).shape, [0, 0])
})
