import { fromNested, oneHot, toNested } from 'pullback'
import t from 'tap'

t.test('oneHot', async (t) => {
  t.same(toNested(oneHot(fromNested([[0], [2]], 'int32'), 3)), [[[1, 0, 0]], [[0, 0, 1]]])
  t.equal(oneHot(fromNested([0], 'int32'), 2, 'float64').dtype, 'float64')
  t.throws(() => oneHot(fromNested([0, 3], 'int32'), 3), /labels from 0 to 2, got 3 at index \[1\]/)
  t.throws(() => oneHot(fromNested([0]) as never, 3), /int32, got float32/)
})
