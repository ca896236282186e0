// The site of the documents in a browser: its pages are for everybody, light, dark, on a phone, and read aloud.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import t from 'tap'
import { root } from '../support/run.ts'
import { serve } from '../support/serve.ts'
import { buildSite, siteAbsent, siteBase, siteFolder } from '../support/site.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const absent =
  'skip' in siteAbsent || existsSync(executablePath)
    ? siteAbsent
    : { skip: 'no browser: apt-get install chromium, or set CHROMIUM' }

t.setTimeout(600_000)

const looks = ['index', 'guide/layers', 'benchmarks', 'reference/check', 'source/lib/combinator/compose.ts']
const views = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const

/** What is wrong with a page in a view: its errors, what it asks of others, sideways scrolling, and what axe finds, with a type shown. */
const faults = async (
  browser: Browser,
  address: string,
  path: string,
  view: keyof typeof views,
): Promise<readonly string[]> => {
  // The page's policy would refuse axe, which the spec puts into it.
  const context = await browser.newContext({ bypassCSP: true, ...views[view] })
  const found: string[] = []
  try {
    const page = await context.newPage()
    page.on('pageerror', ({ message }) => found.push(message))
    page.on('console', (message) => message.type() === 'error' && found.push(message.text()))
    page.on('request', (request) => {
      if (!request.url().startsWith(address) && !/^(?:data|blob):/.test(request.url()))
        found.push(`asks ${request.url()}`)
    })
    await page.goto(`${address}${path}.html`, { waitUntil: 'networkidle' })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) found.push(`${wide} pixels too wide`)
    const name = page.locator('.typed').first()
    if ((await name.count()) > 0) {
      await name.hover()
      await page.waitForSelector('.type:popover-open')
    }
    await page.addScriptTag({ path: join(root, 'docs/node_modules/axe-core/axe.min.js') })
    const barriers = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        readonly axe: {
          run: (where: Document, options: object) => Promise<{ readonly violations: readonly Violation[] }>
        }
      }
      interface Violation {
        readonly id: string
        readonly nodes: readonly { readonly html: string }[]
      }
      const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.length} times, first ${nodes[0]?.html.slice(0, 200)}`)
    })
    return [...found, ...barriers]
  } finally {
    await context.close()
  }
}

t.test('pages in every view', absent, async (t) => {
  await buildSite()
  const { address, close } = await serve(siteFolder, siteBase)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  t.teardown(async () => {
    await browser.close()
    close()
  })
  for (const path of looks)
    for (const view of Object.keys(views) as (keyof typeof views)[])
      t.same(await faults(browser, address, path, view), [], `${path}, ${view}`)

  const page = await browser.newPage()
  const refused: string[] = []
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()))
  await page.goto(`${address}index.html`, { waitUntil: 'networkidle' })
  t.match(await page.textContent('.refusal'), 'takes [8], but the layer before gives [16]', 'our sentence')
  await page.hover('.typed')
  t.match(await page.textContent('.type:popover-open'), /^const adam: \(rate/, 'the type of a name')
  await page.keyboard.press('Escape')
  t.equal(await page.locator('.type:popover-open').count(), 0, 'is gone again')
  await page.click('.DocSearch-Button')
  await page.fill('#localsearch-input', 'softmaxCrossEntropy')
  await page.waitForSelector('.VPLocalSearchBox .result')
  t.match(await page.textContent('.VPLocalSearchBox .result'), 'softmaxCrossEntropy', 'the search box')
  await page.keyboard.press('Enter')
  await page.waitForURL(/reference\/loss\.html#softmaxCrossEntropy$/)
  t.same(refused, [], 'under the policy of the page')
})
