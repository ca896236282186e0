import t from 'tap'
import { contours, joined, straightened } from '../../../examples/support/contours.ts'

t.test('a circle is a contour of its squared radius', async (t) => {
  const surface = { f: ([x, y]: readonly [number, number]) => x * x + y * y, x: [-2, 2], y: [-2, 2] } as const
  const [one = [], none = []] = contours(surface, [1, 9])
  t.equal(none.length, 0)
  const length = one.reduce((sum, [[a, b], [c, d]]) => sum + Math.hypot(a - c, b - d), 0)
  t.ok(Math.abs(length - 2 * Math.PI) < 0.01, `${length}`)
  for (const at of one.flat()) t.ok(Math.abs(Math.hypot(...at) - 1) < 1e-3)
})

t.test('its pieces are one closed line, which is as long with fewer points', async (t) => {
  const surface = { f: ([x, y]: readonly [number, number]) => x * x + y * y, x: [-2, 2], y: [-2, 2] } as const
  const lengthOf = (line: readonly (readonly [number, number])[]): number =>
    line.slice(1).reduce((sum, [a, b], i) => sum + Math.hypot(a - (line[i]?.[0] ?? 0), b - (line[i]?.[1] ?? 0)), 0)
  const [pieces = []] = contours(surface, [1]) // goes through corners, where a piece is a point
  const lines = joined(pieces)
  t.equal(lines.length, 1)
  const [line = []] = lines
  const few = straightened(line, 0.005)
  t.ok(few.length < line.length / 4, `${few.length} of ${line.length} points`)
  for (const all of [line, few]) {
    t.ok(Math.abs(lengthOf(all) - 2 * Math.PI) < 0.05, `${lengthOf(all)}`)
    t.ok(Math.hypot((all[0]?.[0] ?? 9) - (all.at(-1)?.[0] ?? 0), (all[0]?.[1] ?? 9) - (all.at(-1)?.[1] ?? 0)) < 1e-9)
  }
  t.same(
    joined([
      [
        [0, 0],
        [1, 0],
      ],
      [
        [5, 5],
        [6, 5],
      ],
      [
        [2, 0],
        [1, 0],
      ],
    ]).map(({ length }) => length),
    [3, 2],
    'lines that do not meet stay apart',
  )
})
