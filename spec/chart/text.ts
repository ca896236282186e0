import { chartText, sparkline } from 'pullback/chart'
import t from 'tap'

const [x, y] = [{ label: 'step' }, { label: 'loss' }]

t.test('sparklines', async (t) => {
  t.equal(sparkline([1, 2, 3, 4, 5, 6, 7, 8]), '▁▂▃▄▅▆▇█')
  t.equal(sparkline(Float64Array.of(8, 8, 1, 1), { width: 2 }), '█▁', 'means of parts')
  t.equal(sparkline([3, 3, 3]), '▁▁▁')
  t.equal(sparkline([1, Number.NaN, 3, Infinity]), '▁ █ ')
  t.equal(sparkline([]), '')
  t.equal(sparkline([Number.NaN]), ' ')
  t.equal(sparkline([5, 20, -20], { from: 0, to: 10 }), '▅█▁')
  t.equal(sparkline(Array.from({ length: 1e6 }, (_, i) => i)).length, 24)
  t.throws(() => sparkline('abc' as never), {
    name: 'StructureError',
    message: "sparkline: expected numbers, got 'abc'",
  })
})

t.test('lines go from left to right through their points, with a gap where there is none', async (t) => {
  const panel = (points: readonly (readonly [number, number])[]) => ({
    title: 'a',
    x,
    y,
    series: [{ name: '', points }],
  })
  const rows = (points: readonly (readonly [number, number])[], width = 5, height = 3): readonly string[] =>
    chartText([panel(points)], { width, height })
      .split('\n')
      .slice(1, 1 + height)
      .map((row) => row.split(/[│┤]/)[1] ?? '')
  t.same(
    rows([
      [0, 0],
      [4, 2],
    ]),
    ['  ╭──', '╭─╯', '╯'],
  )
  t.same(
    rows([
      [0, 0],
      [1, 0],
      [2, Number.NaN],
      [3, 2],
      [4, 2],
    ]),
    ['   ──', '', '──'],
  )
  t.equal(chartText([panel([])]), 'a\n(no numbers to draw)')
  t.equal(chartText([panel([[0, Number.NaN]])]), 'a\n(no numbers to draw)')
  t.equal(chartText([]), '')
})

t.test('names and titles stay on their line', async (t) => {
  const name = '\u001b[2Jname\n'
  const text = chartText([
    {
      title: name,
      x,
      y,
      series: [
        {
          name,
          points: [
            [0, 1],
            [1, 2],
          ],
        },
      ],
    },
  ])
  t.equal(text.split('\n').length, 14)
  t.notOk(text.includes('\x1b'))
})
