import fc from 'fast-check'
import { StructureError } from 'pullback'
import { chart, type Panel, type Point } from 'pullback/chart'
import t from 'tap'
import { all, type Element, parsed, placesOf } from '../support/markup.ts'
import { check } from '../support/property.ts'

const [x, y] = [{ label: 'step' }, { label: 'loss' }]
const panel = (points: readonly Point[], more: Partial<Panel> = {}): Panel => ({
  title: 'a title',
  x,
  y,
  series: [{ name: 'a', points }],
  ...more,
})
const read = (text: string): Element => parsed(text).children[0] as Element
const classOf = (e: Element): string => e.attributes.class ?? ''
/** The paths of lines in a panel, not those of the legend. */
const linesOf = (svg: Element): readonly Element[] =>
  all(svg, 'g').flatMap((g) => all(g, 'path').filter((path) => /^pullback-line\d-stroke$/.test(classOf(path))))
/** The frame of a panel, by the path of its two axes: left, top, width, height. */
const frameOf = (svg: Element): readonly number[] => {
  const axes = all(svg, 'path').find((path) => classOf(path) === 'pullback-quiet-stroke')?.attributes.d ?? ''
  return [...(/^M([\d.]+) ([\d.]+)v([\d.]+)h([\d.]+)$/.exec(axes) ?? [])].slice(1).map(Number)
}
const textsOf = (svg: Element): readonly string[] => all(svg, 'text').map(({ text }) => text)

t.test('a picture says what it is, to those who do not see it too', async (t) => {
  const svg = read(chart([panel([[0, 1]])], { title: 'one <run>', description: 'falls & falls' }))
  t.equal(svg.name, 'svg')
  t.equal(svg.attributes.role, 'img')
  t.equal(svg.attributes.viewBox, `0 0 ${svg.attributes.width} ${svg.attributes.height}`)
  t.same(
    svg.children.slice(0, 2).map(({ name, text }) => [name, text]),
    [
      ['title', 'one <run>'],
      ['desc', 'falls & falls'],
    ],
  )
  t.match(textsOf(svg), ['a title', 'step', 'loss'])
  t.match(all(svg, 'style')[0]?.text, /^@media screen and \(prefers-color-scheme:dark\)\{.*\.pullback-ground\{fill:/)
})

t.test('corners of a panel', async (t) => {
  const svg = read(
    chart([
      panel([
        [0, 0],
        [1, 10],
      ]),
    ]),
  )
  const [left = 0, top = 0, high = 0, wide = 0] = frameOf(svg)
  t.same(placesOf(linesOf(svg)[0]?.attributes.d ?? ''), [
    [left, top + high],
    [left + wide, top],
  ])
})

const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, Number.MAX_VALUE, 5e-324),
)
const points = fc.array(fc.tuple(number, number), { maxLength: 30 })

t.test('whatever the numbers: what is finite lies within the frame, and what is not leaves a gap', async () => {
  check(
    fc.tuple(fc.array(points, { maxLength: 3 }), fc.boolean(), fc.boolean()),
    ([lists, isLog, isNice]) => {
      const series = lists.map((list, i) => ({ name: `${i}`, points: list }))
      const text = chart([{ title: '', x, y: { label: '', log: isLog, nice: isNice }, series }])
      if (/NaN|Infinity|undefined|e[-+]\d+[ "hvL]/.test(text.replace(/<text.*?<\/text>/g, ''))) return false
      const svg = read(text)
      const [left = 0, top = 0, high = 0, wide = 0] = frameOf(svg)
      const places = linesOf(svg).flatMap((path) => placesOf(path.attributes.d ?? ''))
      const isSeen = ([a, b]: Point): boolean => Number.isFinite(a) && Number.isFinite(b) && (!isLog || b > 0)
      const runs = lists.flatMap((list) => list.filter((p, i) => isSeen(p) && !(i > 0 && isSeen(list[i - 1] as Point))))
      const moves =
        linesOf(svg)
          .map((path) => path.attributes.d ?? '')
          .join('')
          .split('M').length - 1
      return (
        moves === runs.length &&
        places.every(([a, b]) => a >= left - 0.1 && a <= left + wide + 0.1 && b >= top - 0.1 && b <= top + high + 0.1)
      )
    },
    300,
  )
})

t.test('nothing to draw is said', async (t) => {
  for (const panels of [
    [],
    [panel([])],
    [panel([[0, Number.NaN]])],
    [panel([[0, -1]], { y: { label: '', log: true } })],
  ])
    t.ok(textsOf(read(chart(panels))).includes('nothing to draw'))
  t.notOk(textsOf(read(chart([panel([[0, 1]])]))).includes('nothing to draw'))
})

t.test('a point alone is a dot', async (t) => {
  const [dot] = linesOf(read(chart([panel([[1, 0.5]])])))
  t.match(dot?.attributes, { d: /^M\S+ \S+h0$/, 'stroke-width': '7' })
})

t.test('the legend has a dot for what is drawn by dots, and a piece of line for a line', async (t) => {
  const points = [0, 1].flatMap(
    (i) =>
      [
        [i, i],
        [Number.NaN, Number.NaN],
      ] as const,
  )
  const line = [
    [0, 0],
    [1, 1],
  ] as const
  const series = [
    { name: 'points', points },
    { name: 'line', points: line },
  ]
  const marks = all(read(chart([panel([], { series })])), 'path').slice(-2)
  t.match(marks[0]?.attributes, { d: /h0$/, 'stroke-width': '7' })
  t.match(marks[1]?.attributes, { d: /h26$/, 'stroke-width': '1.8' })
})

t.test('a long series takes no more room than it can be seen in', async (t) => {
  const long = Array.from({ length: 100_000 }, (_, i) => [i, Math.sin(i)] as const)
  t.ok(chart([panel(long)]).length < 40_000)
})

t.test('one legend for all panels: one name has one stroke, two have two', async (t) => {
  const names = Array.from({ length: 18 }, (_, i) => `line ${i}`)
  const series = names.map((name, i) => ({
    name,
    points: [
      [0, i],
      [1, i],
    ] as const,
  }))
  const svg = read(chart([panel([], { series }), panel([], { series: [...series].reverse() })]))
  t.same(
    textsOf(svg).filter((text) => text.startsWith('line ')),
    names,
  )
  const strokeOf = (path: Element): string => `${path.attributes.stroke} ${path.attributes['stroke-dasharray']}`
  const strokes = linesOf(svg).map(strokeOf)
  t.equal(new Set(strokes.slice(0, 18)).size, 18)
  t.same(strokes.slice(18).reverse(), strokes.slice(0, 18))
})

t.test('columns, and lines behind', async (t) => {
  const bars = [
    { from: 0, to: 1, height: 2 },
    { from: 1, to: 3, height: 0 },
    { from: 3, to: 4, height: 4 },
  ]
  const svg = read(chart([{ title: '', x, y: { label: '', from: 0 }, bars }]))
  const [left = 0, top = 0, high = 0, wide = 0] = frameOf(svg)
  const columns = all(svg, 'path').find((path) => classOf(path) === 'pullback-line0')
  t.same(
    placesOf(columns?.attributes.d ?? ''),
    [
      ...[
        [left + 0.5, top + high],
        [left + 0.5, top + high / 2],
        [left + wide / 4 - 0.5, top + high / 2],
        [left + wide / 4 - 0.5, top + high],
      ],
      ...[
        [left + (3 * wide) / 4 + 0.5, top + high],
        [left + (3 * wide) / 4 + 0.5, top],
        [left + wide - 0.5, top],
        [left + wide - 0.5, top + high],
      ],
    ].map(([a = 0, b = 0]) => [a, b].map((v) => Math.round(v * 10) / 10)),
  )
  const behind = read(
    chart([
      panel(
        [
          [0, 0],
          [1, 1],
        ],
        {
          ground: [
            [
              [0, 1],
              [1, 0],
            ],
            [[0.5, 0.5]],
          ],
        },
      ),
    ]),
  )
  t.equal(
    all(behind, 'path').filter((path) => classOf(path) === 'pullback-behind-stroke').length,
    2,
    'a line and a dot',
  )
})

const hostile = '</text><script>alert(1)</script><!-- ]]> & "\' \u0000\u001b[2J\ud800 http://example.org'
t.test('texts from outside are text', async (t) => {
  const axis = { label: hostile }
  const text = chart([{ title: hostile, x: axis, y: axis, series: [{ name: hostile, points: [[0, 1]] }] }], {
    title: hostile,
    description: hostile,
  })
  const svg = read(text)
  t.equal(all(svg, 'script').length, 0)
  t.equal(
    svg.children[0]?.text,
    hostile.replaceAll('\0', '\ufffd').replaceAll('\x1b', '\ufffd').replaceAll('\ud800', '\ufffd'),
  )
  t.notMatch(text, /\p{Surrogate}/u)
  const long = read(chart([panel([[0, 1]], { title: `${'long '.repeat(99)}end` })]))
  t.match(
    textsOf(long).find((told) => told.startsWith('long')),
    /^long .{20,40}…l?.* ?end$/,
  )
})

t.test('what is no panel is told', async (t) => {
  const wrong = (given: unknown, message: RegExp): unknown =>
    t.throws(() => chart(given as readonly Panel[]), { name: 'StructureError', message })
  wrong({ title: 'x' }, /^chart: expected an array of panels/)
  wrong([3], /^chart at 0: expected a panel, \{ title, x, y, series \}, got 3/)
  wrong([{ x, y }], /^chart at 0\.title: expected a text/)
  wrong([{ title: '', x: 'step', y }], /^chart at 0\.x: expected an axis, \{ label \}/)
  wrong([panel([], { series: [{ name: 'a', points: [1, 2] }] as never })], /^chart at 0\.series\.0: expected a line/)
  t.throws(() => chart([], { column: 2 } as never), StructureError)
  t.throws(() => chart([], { title: 2 } as never), { message: /^chart at title: expected a text, got 2/ })
  t.throws(() => chart([], { columns: 0.5 }), { name: 'ValueError', message: /columns, a whole number of at least 1/ })
})
