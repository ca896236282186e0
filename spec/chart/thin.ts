import fc from 'fast-check'
import t from 'tap'
import { thinned } from '../../lib/chart/thin.ts'
import { check } from '../support/property.ts'

const points = fc.array(
  fc.tuple(fc.double({ min: 0, max: 5 }), fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN))),
  { maxLength: 60 },
)

t.test('what is left looks the same: the ends and the outermost of each column of pixels, and the gaps', async () => {
  check(points, (all) => {
    const left = thinned(all)
    const isPlaced = (p: readonly number[]): boolean => p.every(Number.isFinite)
    const rangeOf = (of: typeof all, column: number): string => {
      const ys = of.filter((p) => isPlaced(p) && Math.round(p[0]) === column).map(([, y]) => y)
      return `${Math.min(...ys)} ${Math.max(...ys)}`
    }
    const gaps = (of: readonly (readonly [number, number])[]): number =>
      of.filter((p, i) => !isPlaced(p) && (i === 0 || isPlaced(of[i - 1] as readonly number[]))).length
    return (
      left.length <= all.length &&
      left.every((p) => all.includes(p as [number, number])) &&
      [0, 1, 2, 3, 4, 5].every((column) => rangeOf(all, column) === rangeOf([...left] as typeof all, column)) &&
      gaps(all) === gaps(left) &&
      left[0] === all[0]
    )
  })
})

t.test('a column of pixels keeps four points at most', async (t) => {
  const many = Array.from({ length: 1000 }, (_, i) => [i / 1e6, Math.sin(i)] as const)
  t.equal(thinned(many).length, 4)
  t.same(thinned([]), [])
})
