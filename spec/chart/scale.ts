import fc from 'fast-check'
import t from 'tap'
import { type Axis, numberText, scaleOf } from '../../lib/chart/scale.ts'
import { check } from '../support/property.ts'

const axis = (more: Partial<Axis> = {}): Axis => ({ label: 'x', ...more })
const texts = (of: Axis, values: readonly number[]): readonly string[] =>
  scaleOf(of, values, [0, 240], 48).ticks.map(({ text }) => text)
const log = axis({ log: true })

t.test('numbers', async (t) => {
  t.same(
    [0, 0.25, -1, 1234, 12345, 123456, 2e-5].map((n) => numberText(n)),
    ['0', '0.25', '−1', '1230', '12300', '1.23e5', '2e−5'],
  )
  t.same(
    [Infinity, -Infinity, Number.NaN].map((n) => numberText(n)),
    ['∞', '−∞', 'NaN'],
  )
  t.equal(numberText(1000000.5, 8), '1000000.5')
})

t.test('ticks are round numbers within the ends', async (t) => {
  t.same(texts(axis(), [3, 98]), ['20', '40', '60', '80'])
  t.same(texts(axis({ nice: true }), [3, 98]), ['0', '20', '40', '60', '80', '100'])
  t.same(texts(axis({ from: -1.2, to: 2 }), [0]), ['−1', '−0.5', '0', '0.5', '1', '1.5', '2'])
  t.same(texts(axis({ whole: true }), [1, 3]), ['1', '2', '3'])
  t.same(
    texts(axis(), [1000000.5, 1000001.7]).slice(0, 2),
    ['1000000.6', '1000000.8'],
    'as many digits as tell them apart',
  )
})

t.test('powers of ten, and multiples where these are few', async (t) => {
  t.same(texts(log, [0.002, 30]), ['10⁻²', '10⁻¹', '10⁰', '10¹'])
  t.same(texts(log, [0.02, 2]), ['0.02', '0.05', '0.1', '0.2', '0.5', '1', '2'])
  t.same(texts(log, [2, 8]), ['2', '3', '4', '5', '6', '7', '8'])
  t.same(texts(log, [1.001, 1.004]), ['1.001', '1.002', '1.003', '1.004'])
  t.ok(texts(log, [1e-30, 1e30]).length < 10)
})

t.test('places', async (t) => {
  const { place } = scaleOf(axis(), [0, 10], [0, 100], 48)
  t.same([0, 5, 10].map(place), [0, 50, 100])
  t.same([99, -1].map(scaleOf(axis({ from: 0, to: 10 }), [], [0, 100], 48).place), [100, 0], 'beyond is at the end')
  t.same([Number.NaN, Infinity, -Infinity].map(place), Array(3).fill(Number.NaN))
  t.same([0, -1].map(scaleOf(log, [1, 10], [0, 100], 48).place), Array(2).fill(Number.NaN))
  const told = scaleOf(axis({ log: true, from: 1e-2, to: 1e2 }), [1], [0, 1], 48).place
  t.same(
    [1e-9, 0, -1, 1, 1e9].map((v) => numberText(told(v))),
    ['0', '0', '0', '0.5', '1'],
  )
})

const awkward = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 1, 1 + Number.EPSILON),
  fc.integer({ min: -1000, max: 1000 }),
)

t.test(
  'whatever the numbers: they lie on the axis in their order, and so do ticks, each with a text of its own',
  async () => {
    check(
      fc.tuple(fc.array(awkward, { maxLength: 6 }), fc.boolean(), fc.boolean()),
      ([numbers, isLog, nice]) => {
        const values = numbers.filter((v) => !isLog || v > 0)
        const { place, ticks } = scaleOf(axis({ log: isLog, nice }), values, [10, 250], 48)
        const placed = [...values].sort((a, b) => a - b).map(place)
        const isOn = (at: number): boolean => at >= 10 - 1e-6 && at <= 250 + 1e-6
        const isRising = placed.every((at, i) => i === 0 || at >= (placed[i - 1] as number) - 1e-6)
        const isTold = new Set(ticks.map(({ text }) => text)).size === ticks.length && ticks.length < 15
        return placed.every(isOn) && isRising && ticks.every(({ at }) => isOn(at)) && isTold
      },
      500,
    )
  },
)
