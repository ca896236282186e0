// The playground of the built site in a browser: what a user can do there, and what the page must not do.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import t from 'tap'
import {
  choose,
  launch,
  type Opened,
  openPlayground,
  playgroundAbsent,
  press,
  reaching,
  saying,
  steps,
  told,
  weightOf,
  write,
} from '../support/playground.ts'
import { root } from '../support/run.ts'
import { serve } from '../support/serve.ts'
import { buildSite, siteBase, siteFolder } from '../support/site.ts'

t.setTimeout(400_000)

const fast = 'As fast as it goes'
const misfit = `import { adam, compose, linear, named, softmaxCrossEntropy } from 'pullback'
import { data, train } from 'playground'
const net = compose(named('L1', linear(data.size, 16)), named('L2', linear(8, data.classes)))
train(net, softmaxCrossEntropy, adam(0.02))
`
const wrongEnd = misfit.replace('linear(8, data.classes)', 'linear(16, 7)')
const noted = `// A note for whoever opens the link.
${misfit.replace('linear(8,', 'linear(16,')}`

const faultsOf = (page: Page): Promise<string> => page.locator('ul.play-faults').innerText({ timeout: 30_000 })

/** The barriers that axe finds on a page. */
const barriers = async (page: Page): Promise<readonly string[]> => {
  const axe = createRequire(join(root, 'docs/package.json')).resolve('axe-core/axe.min.js')
  await page.evaluate(readFileSync(axe, 'utf8'))
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as never as { axe: { run: (...given: unknown[]) => Promise<never> } }
    ).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] })
    return (violations as { id: string; nodes: { html: string }[] }[]).map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
  })
}

/** How many colors each canvas shows. */
const colorsOf = (page: Page, canvases: string): Promise<readonly number[]> =>
  page.locator(canvases).evaluateAll((found) =>
    (found as HTMLCanvasElement[]).map((canvas) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
      return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 4).join())).size
    }),
  )

/** The controls of the page in the order of the page, and those that the tabulator reaches from the first on. */
const tabbed = async (page: Page) => {
  const named = await page.evaluate(() => {
    const kinds = 'a[href], button, select, input, textarea, summary, [tabindex="0"], [contenteditable="true"]'
    const all = [...document.querySelectorAll<HTMLInputElement>(kinds.replace(/(^|, )/g, '$1main '))]
    const seen = all.filter((control) => control.checkVisibility() && !control.disabled && control.tabIndex >= 0)
    seen[0]?.focus()
    return seen.map((control, i) => {
      control.dataset.order = `${i}`
      return control.dataset.order
    })
  })
  const reached: string[] = []
  for (const _ of named) {
    reached.push(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.order ?? 'none of them'))
    await page.keyboard.press('Tab')
  }
  return { named, reached }
}

/** Draws a line downward on the sheet for digits, with a finger. */
const drawByTouch = async (page: Page): Promise<void> => {
  const sheet = page.locator('.play-digit canvas')
  await sheet.scrollIntoViewIfNeeded()
  const box = await sheet.boundingBox()
  if (box === null) throw new Error('there is no sheet')
  const touches = await page.context().newCDPSession(page)
  const touch = (type: string, y?: number) =>
    touches.send(
      'Input.dispatchTouchEvent' as never,
      {
        type,
        touchPoints: y === undefined ? [] : [{ x: box.x + box.width / 2, y: box.y + y * box.height }],
      } as never,
    )
  await touch('touchStart', 0.15)
  for (const y of [0.3, 0.5, 0.7, 0.85]) await touch('touchMove', y)
  await touch('touchEnd')
}

/** Draws a line on the sheet for digits, by shares of its sides. */
const draw = async (page: Page, points: readonly (readonly [number, number])[]): Promise<void> => {
  const box = await page.locator('.play-digit canvas').boundingBox()
  if (box === null) throw new Error('there is no sheet')
  for (const [i, [x, y]] of points.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 })
    if (i === 0) await page.mouse.down()
  }
  await page.mouse.up()
}

t.test('the playground', playgroundAbsent, async (t) => {
  await buildSite()
  const { address, quiet, close } = await serve(siteFolder, siteBase)
  const browser: Browser = await launch()
  const everybody: Opened[] = []
  const open = async (...given: readonly [hash?: string, options?: object]): Promise<Opened> => {
    const opened = await openPlayground(browser, address, ...given)
    everybody.push(opened)
    return opened
  }
  t.teardown(async () => {
    await browser.close()
    close()
  })
  const { page, asked } = await open()

  await t.test('the page is light', async (t) => {
    const late = /^playground\/run\/(compiler|declarations|digits)|chunks\/editor\./
    const early = [...new Set(asked.map((url) => url.split(/[?#]/)[0] as string))].filter((url) => !late.test(url))
    const bytes = early.reduce((sum, url) => sum + weightOf(url), 0)
    t.comment(
      `${Math.round(bytes / 1000)} kB in ${early.length} files, first paint after ${await page.evaluate(() =>
        Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0),
      )} ms`,
    )
    t.ok(bytes < 400_000, 'all that is loaded before the editor')
    t.notOk(
      asked.some((url) => /compiler|declarations|digits/.test(url)),
      'no compiler and no digits before they are used',
    )
    t.ok(weightOf('playground/run/digits.bin') < 400_000, 'the digits')
  })

  const first = await told(page, 'hash of their bits')
  await t.test('it steps, trains, pauses and resumes', async (t) => {
    await steps(page, 3)
    const third = await told(page, 'hash of their bits')
    t.not(third, first, 'a step changes the parameters')
    await choose(page, 'Speed', fast)
    await press(page, 'Resume')
    await reaching(page, 'on the test', 95)
    await press(page, 'Pause')
    await saying(page, 'Paused')
    const step = await told(page, 'step')
    await page.waitForTimeout(300)
    t.equal(await told(page, 'step'), step, 'it stands still')
    await press(page, 'Resume')
    await reaching(page, 'step', Number(step.replaceAll(',', '')) + 100)
    await reaching(page, 'steps a second', 1)
    await t.test('and shows at once what it has learnt', async (t) => {
      for (const [name, least] of Object.entries({ '.play-plane': 20, '.play-curve': 3, '.play-tiles': 3 }))
        for (const colors of await colorsOf(page, `${name} canvas`)) t.ok(colors >= least, `${name}: ${colors} colors`)
      t.equal(await page.locator('.play-tiles').count(), 8, 'what four layers give, and four parameters')
      const names = await page.locator('.play-graph .play-name').allTextContents()
      t.match(names.join(', '), /^input, flatten, L1\b.*, tanh, L2\b/, 'the graph')
      t.equal(await page.locator('.play-verdict').innerText(), 'passed')
      t.same(await page.locator('tbody th').allInnerTexts(), [
        'input',
        ...['L1.W', 'L1.b', 'L2.W', 'L2.b'].map((name) => `params.${name}`),
      ])
      t.match(await page.locator('.play-foot').innerText(), /Threads: [12]\./)
    })
    await press(page, 'Reset')
    await saying(page, 'Ready')
    t.equal(await told(page, 'hash of their bits'), first, 'the same seed gives the same bits')
    await steps(page, 3)
    t.equal(await told(page, 'hash of their bits'), third, 'and so do its steps')
  })

  await t.test('a run is saved and loaded', async (t) => {
    const saved = await told(page, 'hash of their bits')
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save')])
    await steps(page, 1)
    const next = await told(page, 'hash of their bits')
    await page.getByLabel('A saved run').setInputFiles(await download.path())
    await saying(page, 'The run is loaded')
    t.equal(await told(page, 'hash of their bits'), saved)
    t.equal(await told(page, 'step'), '3')
    await steps(page, 1)
    t.equal(await told(page, 'hash of their bits'), next, 'it goes on as it would have gone on')
    const foreign = { name: 'other.run', mimeType: 'application/octet-stream', buffer: Buffer.from('nothing') }
    await page.getByLabel('A saved run').setInputFiles(foreign)
    await saying(page, 'not a run')
  })

  await t.test('the compiler says our sentence', async (t) => {
    await write(page, misfit)
    await page.locator('ul.play-faults').waitFor({ timeout: 60_000 })
    t.equal(await faultsOf(page), 'line 3: takes [8], but the layer before gives [16]')
    await page.locator('.cm-lintRange-error').first().hover()
    await page.locator('.cm-tooltip', { hasText: 'takes [8]' }).waitFor()
    await write(page, wrongEnd)
    await page.locator('ul.play-faults', { hasText: 'but the data has 3 classes' }).waitFor()
    await page.locator('.cm-line', { hasText: 'compose' }).last().getByText('compose').hover()
    await page.locator('.play-info', { hasText: 'compose' }).waitFor()
    await write(page, `${noted}\nne`)
    await page.keyboard.press('Control+Space')
    await page.locator('.cm-tooltip-autocomplete', { hasText: 'net' }).waitFor()
    await page.keyboard.press('Escape')
  })

  await t.test('an endless loop is stopped', async (t) => {
    await write(page, `console.log('begun')\nfor (;;) {}\n`)
    await press(page, 'Run')
    await page.locator('.play-log', { hasText: 'begun' }).waitFor()
    await press(page, 'Stop')
    await saying(page, 'Stopped')
    await write(page, noted)
    await page.locator('ul.play-faults').waitFor({ state: 'detached' })
    await press(page, 'Step')
    await reaching(page, 'step', 1)
    t.equal(await told(page, 'step'), '1', 'the next program runs')
  })

  await t.test('a program reaches no other host and compiles no strings', async (t) => {
    const { page, faults } = await openPlayground(browser, address)
    for (const [program, refused] of [
      ['await fetch("https://example.com/")', /fetch/],
      ['new Function("return 1")()', /unsafe-eval/],
    ] as const) {
      await write(page, `export const hidden = globalThis as any\n${program.replace(/fetch|Function/, 'hidden.$&')}\n`)
      await press(page, 'Run')
      await page.locator('p.play-faults', { hasText: refused }).waitFor()
    }
    t.notOk(
      faults.some((fault) => fault.startsWith('asks')),
      'no request is made',
    )
    await page.context().close()
  })

  await t.test('a link restores the program and the settings', async (t) => {
    await choose(page, 'Data', 'Moons')
    await page.getByLabel('Seed', { exact: true }).fill('7')
    await page.keyboard.press('Tab')
    await saying(page, 'Ready')
    const hash = await told(page, 'hash of their bits')
    await press(page, 'Share')
    await saying(page, 'The link')
    const other = await open(new URL(page.url()).hash)
    t.equal(await other.page.getByLabel('Data', { exact: true }).inputValue(), 'moons')
    t.equal(await other.page.getByLabel('Seed', { exact: true }).inputValue(), '7')
    t.match(await other.page.locator('.play-editor').innerText(), 'A note for whoever opens the link.')
    t.equal(await told(other.page, 'parameters'), '0', 'the program of a link does not run unasked')
    await press(other.page, 'Reset')
    await saying(other.page, 'Ready')
    t.equal(await told(other.page, 'hash of their bits'), hash, 'the same bits')
    await other.page.getByLabel('Seed', { exact: true }).fill('8')
    await other.page.keyboard.press('Tab')
    await other.page.waitForFunction(() => location.hash === '')
    t.pass('a link that no longer says what is on the page is gone')
    await other.page.context().close()
    const broken = await open('#no-link')
    await saying(broken.page, 'cannot be read')
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save')])
    await broken.page.getByLabel('A saved run').setInputFiles(await download.path())
    await saying(broken.page, 'has a program of its own')
    t.equal(await told(broken.page, 'parameters'), '0', 'nor does that of a file')
    await press(broken.page, 'Step')
    await reaching(broken.page, 'step', Number(await told(page, 'step')) + 1)
    t.match(await broken.page.locator('.play-editor').innerText(), 'A note for whoever opens the link.')
    await broken.page.context().close()
  })

  await t.test('every preset takes a step', async (t) => {
    const titles = await page.getByLabel('Network', { exact: true }).locator('option').allTextContents()
    for (const title of titles) {
      await choose(page, 'Network', title)
      await saying(page, 'Ready')
      await press(page, 'Step')
      await reaching(page, 'step', 1)
      t.equal(await page.locator('p.play-faults').count(), 0, title)
    }
    t.equal(await page.getByLabel('Data', { exact: true }).inputValue(), 'digits', 'convolutions bring their data')
  })

  await t.test('a drawn digit is read', async (t) => {
    await choose(page, 'Network', 'Two layers')
    await saying(page, 'Ready')
    await press(page, 'Run')
    await reaching(page, 'on the test', 80)
    await press(page, 'Pause')
    await saying(page, 'Paused')
    const reading = page.locator('.play-digit [role=status]', { hasText: /The network reads \d/ })
    await draw(page, [
      [0.5, 0.15],
      [0.48, 0.5],
      [0.5, 0.85],
    ])
    await reading.waitFor({ timeout: 20_000 })
    t.match(await reading.innerText(), 'The network reads 1')
    const samples = page.locator('.play-samples button')
    const other = samples.filter({ hasNotText: '1' }).first()
    const read = await other.innerText()
    await other.press('Enter')
    await page.locator('.play-digit [role=status]', { hasText: `reads ${read.trim()}` }).waitFor({ timeout: 20_000 })
    t.equal(await samples.count(), 20, 'a digit of the test too, by the keyboard')
  })

  await t.test('a table of the user is learned', async (t) => {
    const rows = Array.from(
      { length: 90 },
      (_, i) => `${i === 0 ? '' : i % 3},${(i % 3) * 2 + (i % 7) / 10},${'abc'[i % 3]}`,
    )
    const buffer = Buffer.from(`size,weight,kind\n${rows.join('\n')}\n`)
    await page.getByLabel('A table').setInputFiles({ name: 'kinds.csv', mimeType: 'text/csv', buffer })
    await saying(page, 'Ready')
    t.equal(await page.getByLabel('Predict').inputValue(), 'kind', 'the last column is predicted')
    await press(page, 'Run')
    await reaching(page, 'on the test', 100)
    await press(page, 'Pause')
    await press(page, 'Share')
    await saying(page, 'The link, which holds your table')
    await page.getByLabel('Predict').selectOption('weight')
    await page.locator('p.play-faults', { hasText: 'different values' }).waitFor()
    await page.getByLabel('Predict').selectOption('kind')
    await saying(page, 'Ready')
    t.equal(await page.locator('p.play-faults').count(), 0, 'another column can be chosen then')
    const long = Array.from({ length: 4000 }, (_, i) => `${Math.sin(i)},${Math.cos(i * i)},${'ab'[i % 2]}`).join('\n')
    const many = { name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(`x,y,kind\n${long}\n`) }
    await page.getByLabel('A table').setInputFiles(many)
    await saying(page, 'Ready')
    await press(page, 'Share')
    await saying(page, 'too long')
  })

  await t.test('the keyboard reaches every control in order, and leaves the editor again', async (t) => {
    const { page } = await open()
    await page.locator('.cm-content').waitFor()
    const { named, reached } = await tabbed(page)
    t.same(reached, named)
    t.ok(named.length > 12, `${named.length} controls`)
    await page.context().close()
  })

  await t.test('a digit is drawn with a finger on a phone, while the page stays where it is', async (t) => {
    const { page } = await open('', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
    await choose(page, 'Data', 'Handwritten digits')
    await saying(page, 'Ready')
    await page.locator('.play-digit canvas').scrollIntoViewIfNeeded()
    const before = await page.evaluate(() => scrollY)
    await drawByTouch(page)
    await page.locator('.play-digit [role=status]', { hasText: /The network reads \d/ }).waitFor({ timeout: 20_000 })
    t.equal(await page.evaluate(() => scrollY), before)
    await page.context().close()
  })

  await t.test('no barriers and nothing out of sight, in light, in dark and on a phone', async (t) => {
    const views: Readonly<Record<string, BrowserContextOptions>> = {
      light: { colorScheme: 'light' },
      dark: { colorScheme: 'dark' },
      phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    }
    for (const [name, options] of Object.entries(views)) {
      // axe is put into the page, which the page's policy would refuse.
      const { page } = await open('', { ...options, bypassCSP: true })
      await page.locator('.cm-content').waitFor()
      await page.locator('table').waitFor()
      t.same(await barriers(page), [], name)
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, 'no sideways scrolling')
      t.equal(await page.locator('.VPSidebar').count(), 0, 'nothing lies over the page')
      await page.context().close()
    }
  })

  t.same(
    everybody.flatMap(({ faults }) => faults),
    [],
    'no errors, and no request to another host',
  )
  await t.test('it works without a network', async (t) => {
    await choose(page, 'Data', 'Rings')
    await saying(page, 'Ready')
    await quiet()
    close()
    await page.goto(`${address}playground/`)
    await saying(page, 'Ready')
    await write(page, misfit)
    t.equal(await faultsOf(page), 'line 3: takes [8], but the layer before gives [16]', 'the compiler too')
    await choose(page, 'Data', 'Handwritten digits')
    await choose(page, 'Network', 'Two layers')
    await saying(page, 'Ready')
    await steps(page, 1)
  })

  // Without a network the site's own looking ahead to other pages fails, and the browser says so.
  const faults = everybody
    .flatMap(({ faults }) => faults)
    .filter((fault) => !/Failed to (?:load resource|fetch)/.test(fault))
  t.same(faults, [], 'nor any other error then')
})
