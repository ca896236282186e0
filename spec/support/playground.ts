// The playground in a browser, by what a user sees and touches.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { siteAbsent, siteFolder } from './site.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why the playground cannot be looked at here, if it cannot. */
export const playgroundAbsent = existsSync(executablePath)
  ? siteAbsent
  : { skip: 'no browser: apt-get install chromium, or set CHROMIUM' }

/** The bytes of a file of the site as a host sends them. */
export const weightOf = (path: string): number => {
  const [plain, page] = [join(siteFolder, path), join(siteFolder, path, 'index.html')]
  return brotliCompressSync(readFileSync(existsSync(page) ? page : plain)).length
}

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args })

export interface Opened {
  readonly page: Page
  /** Errors of the page and requests to other hosts. */
  readonly faults: readonly string[]
  /** The addresses that were asked for, below the base. */
  readonly asked: readonly string[]
}

const patience = { timeout: 20_000 }

/** Opens the playground and waits until a network is loaded, or until a link says that it waits. */
export const openPlayground = async (
  browser: Browser,
  address: string,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<Opened> => {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const [faults, asked]: [string[], string[]] = [[], []]
  context.on('request', (request) => {
    const url = request.url()
    if (url.startsWith(address)) asked.push(url.slice(address.length))
    else if (!/^(blob:|data:)/.test(url)) faults.push(`asks ${url}`)
  })
  page.on('pageerror', (e) => faults.push(e.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(`${address}playground/${hash}`)
  await page.waitForFunction(() => globalThis.crossOriginIsolated === true, undefined, patience)
  await saying(page, /Ready|The link/)
  return { page, faults, asked }
}

/** Waits until the status says something. */
export const saying = async (page: Page, words: string | RegExp): Promise<void> => {
  await page.locator('.play-status', { hasText: words }).waitFor(patience)
}

/** A number of the bar, as it is written there. */
export const told = async (page: Page, name: string): Promise<string> =>
  ((await page.locator(`.play-numbers [data-name="${name}"] dd`).textContent()) ?? '').trim()

/** Waits until a number of the bar is at least so large. */
export const reaching = async (page: Page, name: string, least: number): Promise<void> => {
  await page.waitForFunction(
    ([name, least]) => {
      const text = document.querySelector(`.play-numbers [data-name="${name}"] dd`)?.textContent ?? ''
      return Number.parseFloat(text.replace(/,/g, '')) >= Number(least)
    },
    [name, least] as const,
    patience,
  )
}

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

export const choose = async (page: Page, label: string, title: string): Promise<void> => {
  await page.getByLabel(label, { exact: true }).selectOption({ label: title })
}

/** Replaces the program as a user would, by typing. */
export const write = async (page: Page, program: string): Promise<void> => {
  await page.locator('.cm-content').click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(program)
}

/** Takes some steps, one by one. */
export const steps = async (page: Page, count: number): Promise<void> => {
  const from = Number(await told(page, 'step'))
  for (let i = 1; i <= count; i++) {
    await press(page, 'Step')
    await reaching(page, 'step', from + i)
  }
}
