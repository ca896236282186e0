import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { compose, init, key, linear, named, relu, StructureError } from 'pullback'
import {
  chart,
  chartText,
  confusionPicture,
  confusionText,
  curves,
  curvesText,
  histogram,
  histogramText,
  type ReportOptions,
  report,
  sparkline,
} from 'pullback/chart'
import t from 'tap'
import { all, type Element, parsed } from '../support/markup.ts'

const net = compose(named('L1', linear(4, 8)), relu, named('L2', linear(8, 3)))
const labels = ['setosa', 'versicolor', 'virginica']
const whole: ReportOptions = {
  title: 'Flowers',
  about: 'A hundred and fifty of them.',
  history: {
    epoch: [1, 2],
    step: [1000, 2000],
    seconds: [0.5, 1.25],
    loss: [0.9, 0.4],
    'validation.loss': [1, Number.NaN],
  },
  network: net,
  confusion: [
    [9, 1, 0],
    [0, 8, 2],
    [0, 0, 10],
  ],
  labels,
  params: init(net, key(0)).params,
  configuration: { optimizer: 'adam', hidden: [64, 32], schedule: { kind: 'cosine', steps: 400 } },
  versions: { pullback: '0.1.0' },
  seeds: { initial: 0 },
}
const read = (text: string): Element => parsed(text, ['meta'])
const headings = (text: string): readonly string[] => all(read(text), 'h2').map((h) => h.text)
const rowsOf = (text: string): readonly (readonly string[])[] =>
  all(read(text), 'tr').map((row) => row.children.map((cell) => cell.text))

t.test('a part for each of what is given', async (t) => {
  const text = report(whole)
  t.same(headings(text), [
    'Outcome',
    'Curves',
    'Confusion matrix',
    'Network',
    'Parameters',
    'Configuration',
    'Versions',
    'Seeds',
  ])
  const page = read(text)
  t.equal(all(page, 'h1')[0]?.text, 'Flowers')
  t.equal(all(page, 'title')[0]?.text, 'Flowers')
  t.equal(all(page, 'svg').length, 3)
  t.ok(all(page, 'svg').every(({ attributes, children }) => attributes.role === 'img' && children[0]?.name === 'title'))
  t.match(all(page, 'pre')[0]?.text, /L1 {5}linear +\[8\] +40\n/)
  const rows = rowsOf(text)
  for (const row of [
    ['loss', '0.9', '0.4', '0.4 (epoch 2)', '0.9 (epoch 1)'],
    ['validation.loss', '1', 'NaN', '1 (epoch 1)', '1 (epoch 1)'],
    ['2', '2000', '1.25', '0.4', 'NaN'],
    ['hidden', '64, 32'],
    ['schedule.kind', 'cosine'],
    ['initial', '0'],
  ])
    t.ok(
      rows.some((found) => found.join() === row.join()),
      row.join(),
    )
  t.match(text, 'At the end: epoch 2, step 2,000, seconds 1.25.')
  t.equal(report(whole), text, 'to the letter')
})

t.test('of nothing, and of a run that has not begun', async (t) => {
  t.same(headings(report({})), [])
  t.match(report({ history: { epoch: [], loss: [] } }), 'no epoch is over')
  t.same(headings(report({ seeds: {} })), ['Seeds'])
})

const hostile = '</td></style></svg><script src=x>alert(1)</script><img src="y" onerror=alert(1)>'
const full: ReportOptions = {
  ...whole,
  title: hostile,
  about: hostile,
  labels: [hostile, hostile, hostile],
  history: { epoch: [1], loss: [1], [hostile]: [2] },
  network: named(hostile.replaceAll('.', ''), linear(1, 1)),
  configuration: { [hostile]: { [hostile]: hostile } },
}

t.test('it stands alone: no script, nothing from elsewhere, whatever texts are in it', async (t) => {
  for (const options of [whole, full]) {
    const text = report(options)
    const page = read(text)
    for (const name of ['script', 'img', 'link', 'iframe', 'object', 'use', 'a', 'image', 'foreignObject'])
      t.equal(all(page, name).length, 0, name)
    const inside = (e: Element): readonly Element[] => [e, ...e.children.flatMap(inside)]
    const attributes = inside(page).flatMap((e) => Object.keys(e.attributes))
    t.notOk(attributes.some((name) => /^on|href|src|^action|^style$|xmlns/.test(name)))
    t.notMatch(
      all(page, 'style')
        .map((style) => style.text)
        .join(),
      /url|@import|<|expression/,
    )
    t.notMatch(text, /https?:/)
    t.match(text, `content="default-src 'none'; style-src 'unsafe-inline'"`)
  }
})

t.test('a long run has some of its numbers, and a page of some size', async (t) => {
  const column = Array.from({ length: 10_000 }, (_, i) => i + 1)
  const text = report({ history: { epoch: column, loss: column.map((i) => 1 / i) } })
  t.ok(text.length < 200_000, `${text.length}`)
  t.match(text, 'The numbers, every 20 epochs')
  t.same(rowsOf(text).at(-1), ['10000', '1e−4'])
})

t.test('whatever a configuration holds', async (t) => {
  const around: Record<string, unknown> = {
    when: new Date(0),
    none: undefined,
    nothing: null,
    f: Math.max,
    n: Number.NaN,
  }
  around.self = around
  const rows = rowsOf(report({ configuration: { around, list: [{ a: 1 }, [2, 3]], empty: [], big: 10n } }))
  t.same(Object.fromEntries(rows.slice(1) as [string, string][]), {
    'around.when': '1970-01-01T00:00:00.000Z',
    'around.none': 'undefined',
    'around.nothing': 'null',
    'around.f': 'max',
    'around.n': 'NaN',
    'around.self': 'a record around it',
    'list.0.a': '1',
    'list.1': '2, 3',
    empty: '',
    big: '10',
  })
})

t.test('what cannot be reported is told', async (t) => {
  t.throws(() => report({ histroy: {} } as never), StructureError)
  t.throws(() => report({ seeds: 3 } as never), { message: /^report: expected a record of seeds, got 3/ })
  t.throws(() => report({ network: 3 } as never), { name: 'StructureError' })
  t.throws(() => report({ history: [] } as never), { message: /^report: expected a history/ })
  t.throws(() => report({ title: 3 } as never), { message: /^report at title: expected a text, got 3/ })
})

t.test('undefined means absent', async (t) => {
  const u = undefined
  const history = { loss: [3, 1] }
  const none = { title: u, about: u, network: u, input: u, confusion: u, labels: u, params: u, configuration: u }
  t.equal(report({ ...none, history, versions: u, seeds: u }), report({ history }))
  t.equal(curves(history, { title: u, columns: u, by: u, log: u }), curves(history))
  t.equal(curvesText(history, { columns: u, by: u, log: u, width: u, height: u }), curvesText(history))
  t.equal(confusionPicture([[1]], { labels: u, title: u }), confusionPicture([[1]]))
  t.equal(confusionText([[1]], { labels: u }), confusionText([[1]]))
  t.equal(histogram([1], { title: u, bins: u }), histogram([1]))
  t.equal(histogramText([1], { title: u, bins: u, width: u }), histogramText([1]))
  t.equal(sparkline([1, 2], { width: u, from: u, to: u }), sparkline([1, 2]))
  const [x, y] = [{ label: 'x' }, { label: 'y' }]
  const given = { label: 'x', log: u, from: u, to: u, whole: u, nice: u }
  const panel = { title: '', x: given, y, series: u, bars: u, ground: u }
  t.equal(chart([panel], { title: u, description: u, columns: u }), chart([{ title: '', x, y }]))
  t.equal(chartText([panel], { width: u, height: u }), chartText([{ title: '', x, y }]))
})

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const absent = existsSync(executablePath) ? {} : { skip: 'no browser: apt-get install chromium, or set CHROMIUM' }

t.test('it opens from the disk, in light and dark, and asks for nothing', absent, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const file = pathToFileURL(join(folder, 'report.html')).href
  writeFileSync(join(folder, 'report.html'), report(full))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] })
  t.teardown(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })
  const grounds: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 400, height: 800 } })
    const heard: string[] = []
    page.on('console', (message) => heard.push(message.text()))
    page.on('pageerror', (e) => heard.push(e.message))
    page.on('dialog', () => heard.push('a dialog'))
    page.on('request', (request) => heard.push(request.url()))
    await page.goto(file)
    t.same(heard, [file], colorScheme)
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'no wider than a phone')
    grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
  }
  t.same(grounds, ['rgb(255, 255, 255)', 'rgb(20, 23, 28)'])
})
