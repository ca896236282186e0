// The parts of the playground that need no browser.
import { key } from 'pullback'
import t from 'tap'
import { linkOf, settingsOf } from '../../docs/playground/link.ts'
import { prepared, side } from '../../docs/playground/page/digit.ts'
import { emptySeries, extended } from '../../docs/playground/page/series.ts'
import { drawingOf } from '../../docs/playground/paint/graph.ts'
import { logScale } from '../../docs/playground/paint/scale.ts'
import { decodeSettings, initialSettings } from '../../docs/playground/settings.ts'
import { planePoints, planes } from '../../docs/playground/worker/data/plane.ts'

t.test('a link gives the settings again', async (t) => {
  const settings = { ...initialSettings, seed: 2 ** 32 - 1, program: '// π ≠ 3 🙂\nfor (;;) {}\n' }
  const link = await linkOf(settings)
  t.match(link, /^[\w-]+$/, 'in letters that an address takes')
  t.same(await settingsOf(link), settings)
  for (const broken of ['', 'x', '%%%', link.slice(0, -9), 'AAAA']) t.equal(await settingsOf(broken), undefined, broken)
})

t.test('settings from outside are checked', async (t) => {
  t.same(decodeSettings({ ...initialSettings, unknown: 1 }), initialSettings, 'what is unknown is left out')
  const wrong = [
    null,
    {},
    { ...initialSettings, data: 'squares' },
    { ...initialSettings, seed: -1 },
    { ...initialSettings, seed: 0.5 },
    { ...initialSettings, noise: 51 },
    { ...initialSettings, program: 3 },
  ]
  for (const u of wrong) t.equal(decodeSettings(u), undefined, JSON.stringify(u))
})

t.test('a curve keeps its ends and its shape, however long it grows', async (t) => {
  const lengths = Array.from({ length: 100 }, (_, i) => 100 + i)
  const { series, next } = lengths.reduce(
    ({ series, next }, length) => {
      const values = Array.from({ length }, (_, j) => 2 * (next + j))
      return { series: extended(series, next, values), next: next + length }
    },
    { series: emptySeries, next: 0 },
  )
  t.equal(series.xs[0], 0)
  t.ok(series.xs.length <= 4096 && series.xs.length > 2000)
  t.ok(
    series.xs.every((x, i) => series.ys[i] === 2 * x && x === i * series.every),
    'evenly spaced',
  )
  t.ok(next - (series.xs.at(-1) as number) <= series.every, 'up to the end')
})

t.test('a drawn digit comes to the middle, wherever and however large it was drawn', async (t) => {
  const stroke = (left: number, top: number, scale: number) => ({
    width: 168,
    height: 168,
    values: Float32Array.from({ length: 168 * 168 }, (_, i) => {
      const [x, y] = [((i % 168) - left) / scale, (Math.floor(i / 168) - top) / scale]
      const isBar = x >= 0 && x < 40 && y >= 0 && y < 8
      const isStem = x >= 32 && x < 40 && y >= 0 && y < 60
      return isBar || isStem ? 1 : 0
    }),
  })
  const here = prepared(stroke(20, 30, 1)) as Float32Array
  const there = prepared(stroke(90, 80, 1)) as Float32Array
  const large = prepared(stroke(10, 10, 2)) as Float32Array
  const apart = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, x, i) => sum + Math.abs(x - (b[i] as number)), 0) / a.reduce((sum, x) => sum + x, 0)
  t.same(there, here, 'moved')
  t.ok(apart(here, large) < 0.1, 'twice as large')
  const weight = here.reduce((sum, x) => sum + x, 0)
  const middle = (along: (i: number) => number): number =>
    here.reduce((sum, x, i) => sum + x * (along(i) + 0.5), 0) / weight
  t.ok(Math.abs(middle((i) => i % side) - side / 2) < 0.3)
  t.ok(Math.abs(middle((i) => Math.floor(i / side)) - side / 2) < 0.3)
  t.equal(prepared({ width: 4, height: 4, values: new Float32Array(16) }), undefined, 'an empty sheet')
})

t.test('sets of points are drawn from a key, all classes alike', async (t) => {
  for (const name of Object.keys(planes) as (keyof typeof planes)[]) {
    const points = planePoints(name, 300, 0, key(3))
    t.same(planePoints(name, 300, 0, key(3)), points, `${name}: the same key, the same points`)
    t.notSame(planePoints(name, 300, 0, key(4)), points)
    const classes = Math.max(...points.map(({ label }) => label)) + 1
    for (let k = 0; k < classes; k++) t.equal(points.filter(({ label }) => label === k).length, 300 / classes)
    t.ok(
      points.every(({ x, y }) => Math.abs(x) < 1.4 && Math.abs(y) < 1.4),
      `${name}: within the picture`,
    )
  }
  const radii = planePoints('rings', 300, 0, key(5)).map(({ x, y, label }) => [label, Math.hypot(x, y)] as const)
  for (const [label, radius] of radii)
    t.ok(([0, 0.55, 0.95][label] as number) <= radius + 1e-6 && radius - 1e-6 <= ([0.4, 0.8, 1.2][label] as number))
})

t.test('a graph is drawn row by row, and edges past a row bow around it', async (t) => {
  const box = (id: number, inputs: readonly number[]) =>
    ({ id, inputs, name: `n${id}`, shape: '', parameters: '', gradient: '' }) as const
  const { boxes, edges } = drawingOf([box(0, []), box(1, [0]), box(2, [1, 0]), box(3, [0])])
  const y = (id: number): number => boxes.find((b) => b.id === id)?.y ?? Number.NaN
  t.ok(y(0) < y(1) && y(1) < y(2))
  t.equal(y(3), y(1), 'side by side')
  t.same(
    edges.map(({ from, to }) => [from, to]),
    [
      [0, 1],
      [0, 3],
      [1, 2],
      [0, 2],
    ],
  )
  t.same(drawingOf([]).boxes, [], 'nothing to draw')
})

t.test('a logarithmic axis has the powers of ten around its values', async (t) => {
  const { place, ticks } = logScale([0.03, 2])
  t.same(
    ticks.map((tick) => tick.toPrecision(1)),
    ['0.01', '0.1', '1', '1e+1'],
  )
  t.equal(place(0.01), 0)
  t.ok(Math.abs(place(1) - 2 / 3) < 1e-12)
  t.equal(place(0), 0, 'what has no logarithm lies at the end')
  t.ok(logScale([]).ticks.length > 1, 'without values there is an axis all the same')
})
