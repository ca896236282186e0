import { dim, ShapeError } from 'pullback'
import t from 'tap'

t.test('dim', async (t) => {
  t.equal(dim('hidden', 32), 32)
  t.throws(() => dim('hidden', -1), ShapeError)
  t.throws(() => dim('hidden', 1.5), ShapeError)
})
