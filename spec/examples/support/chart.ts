import t from 'tap'
import { scaleOf, short } from '../../../examples/support/axis.ts'
import { contours } from '../../../examples/support/contours.ts'

const texts = (...of: Parameters<typeof scaleOf>): readonly string[] => scaleOf(...of).ticks.map(({ text }) => text)

t.test('numbers', async (t) => {
  t.same([0, 0.25, -1, 1234, 12345, 60000, 2e-5].map(short), ['0', '0.25', '−1', '1230', '1.2e4', '6e4', '2e−5'])
})

t.test('axes begin and end at ticks, unless told where', async (t) => {
  const axis = { label: 'x' }
  t.same(texts(axis, [3, 98]), ['0', '20', '40', '60', '80', '100'])
  t.same(texts(axis, [-0.21, 0.4]), ['−0.4', '−0.2', '0', '0.2', '0.4'])
  t.same(texts({ label: 'x', from: -1.5, to: 2 }, [0]), ['−1', '0', '1', '2'])
  t.equal(texts(axis, [7]).includes('7'), true, 'one number')
  const { place } = scaleOf(axis, [0, 10])
  t.same([0, 5, 10, 99, -1].map(place), [0, 0.5, 1, 1, 0])
  t.throws(() => scaleOf(axis, [Number.NaN]), { message: "nothing to draw along 'x'" })
})

t.test('powers of ten', async (t) => {
  const axis = { label: 'y', log: true }
  t.same(texts(axis, [0.002, 30, 0]), ['10⁻³', '10⁻²', '10⁻¹', '10⁰', '10¹', '10²'])
  t.same(texts(axis, [0.3, 4]), ['0.2', '0.5', '1', '2', '5'])
  t.ok(texts(axis, [1e-30, 1e30]).length < 10)
  const { place } = scaleOf({ label: 'y', log: true, from: 1e-2, to: 1e2 }, [1])
  t.same([1e-9, 0, 1, 1e9].map(place), [0, 0, 0.5, 1])
})

t.test('a circle is a contour of its squared radius', async (t) => {
  const surface = { f: ([x, y]: readonly [number, number]) => x * x + y * y, x: [-2, 2], y: [-2, 2] } as const
  const [one = [], none = []] = contours(surface, [1, 9])
  t.equal(none.length, 0)
  const length = one.reduce((sum, [[a, b], [c, d]]) => sum + Math.hypot(a - c, b - d), 0)
  t.ok(Math.abs(length - 2 * Math.PI) < 0.01, `${length}`)
  for (const at of one.flat()) t.ok(Math.abs(Math.hypot(...at) - 1) < 1e-3)
})
