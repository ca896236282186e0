import t from 'tap'
import { contours } from '../../../examples/support/contours.ts'

t.test('a circle is a contour of its squared radius', async (t) => {
  const surface = { f: ([x, y]: readonly [number, number]) => x * x + y * y, x: [-2, 2], y: [-2, 2] } as const
  const [one = [], none = []] = contours(surface, [1, 9])
  t.equal(none.length, 0)
  const length = one.reduce((sum, [[a, b], [c, d]]) => sum + Math.hypot(a - c, b - d), 0)
  t.ok(Math.abs(length - 2 * Math.PI) < 0.01, `${length}`)
  for (const at of one.flat()) t.ok(Math.abs(Math.hypot(...at) - 1) < 1e-3)
})
