import fc from 'fast-check'
import { fromNested, init, key, linear } from 'pullback'
import { histogram, histogramText } from 'pullback/chart'
import t from 'tap'
import { distributions } from '../../lib/chart/histogram.ts'
import { parsed } from '../support/markup.ts'
import { check } from '../support/property.ts'

const number = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, Number.MAX_VALUE, 5e-324))

t.test('each finite number is in one column, and columns follow one another', async () => {
  check(
    fc.tuple(fc.array(number, { maxLength: 50 }), fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined })),
    ([values, bins]) => {
      const [all] = distributions('histogram', values, { bins })
      const { bars = [], notFinite = 0 } = all ?? {}
      const counted = bars.reduce((sum, { height }) => sum + height, 0)
      parsed(histogram(values, { bins }))
      return (
        counted + notFinite === values.length &&
        bars.every(({ from, to }, i) => from < to && (i === 0 || bars[i - 1]?.to === from))
      )
    },
    300,
  )
})

t.test('what is in a column', async (t) => {
  const [one] = distributions('histogram', [0, 0.5, 1, 1, 2], { bins: 2 })
  t.same(one?.bars, [
    { from: 0, to: 1, height: 2 },
    { from: 1, to: 2, height: 3 },
  ])
  const [same] = distributions('histogram', Float32Array.of(3, 3, 3), {})
  t.equal(same?.bars.filter(({ height }) => height > 0).length, 1)
})

t.test('of a tensor, and of each tensor of a record', async (t) => {
  t.match(histogram(fromNested([1, 2, Number.NaN]), { title: 'weights' }), '>weights (3, of which 1 not finite)<')
  const text = histogram(init(linear(4, 3), key(0)).params)
  t.match(text, '>W (12)<')
  t.match(text, '>b (3)<')
  t.match(histogram([]), 'nothing to draw')
  t.match(histogram({}), 'nothing to draw')
})

t.test('in a terminal', async (t) => {
  t.equal(
    histogramText([0, 0.5, 1, 1, 2, Number.NaN], { bins: 2, width: 6, title: 'x' }),
    'x: 6 numbers, 1 not finite\n0 ┤████ 2\n1 ┤██████ 3',
  )
  t.equal(histogramText([]), 'values: 0 numbers')
  t.match(histogramText(init(linear(4, 3), key(0)).params), /^W: 12 numbers\n[\s\S]*\n\nb: 3 numbers\n/)
})

t.test('what has no distribution is told', async (t) => {
  t.throws(() => histogram('abc' as never), {
    name: 'StructureError',
    message: /^histogram: expected numbers, a tensor/,
  })
  t.throws(() => histogram({ a: 'b' } as never), { name: 'StructureError' })
  t.throws(() => histogram([1], { bins: 0 }), {
    name: 'ValueError',
    message: /bins, a whole number of at least 1, got 0/,
  })
  t.throws(() => histogram([1], { columns: 3 } as never), { name: 'StructureError' })
})
