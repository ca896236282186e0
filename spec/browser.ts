// A page made with a bundler trains a network in a browser: the losses are those of Node, bit for bit, on threads too, and where the
// page's policy lets no code be compiled from strings.
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import t from 'tap'
import { output, root } from './support/run.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const absent = existsSync(executablePath) ? {} : { skip: 'no browser: apt-get install chromium, or set CHROMIUM' }

/** A program that trains; where WebAssembly is forbidden, it chooses its engine before it computes. */
const programFor = (isClosed: boolean): string => `
import { adam, compose, conv2d, engine, flatten, fromArray, input, key, linear, maxPool2d, named, random, relu, scanSync, softmaxCrossEntropy, start, tanh, threads, trainStep, useEngine } from 'pullback'
import { reference } from 'pullback/reference'
let code
try {
  engine()
} catch (e) {
  code = e.code
}
if (${isClosed}) useEngine(reference)
const net = compose(input([12, 12, 1]), named('C', conv2d(1, 8, { kernel: 3, padding: 'same' })), relu, maxPool2d(2), flatten, named('L1', linear(288, 128)), tanh, named('L2', linear(128, 10)))
const batch = { input: random.normal(key(1), [64, 12, 12, 1]), target: fromArray(Array.from({ length: 64 }, (_, i) => i % 10), [64], 'int32') }
const optimizer = adam(0.01)
const run = () => Array.from(scanSync(trainStep(net, softmaxCrossEntropy, optimizer), start(net, optimizer, key(0)), Array(20).fill(batch)), ([, m]) => m.loss)
export const train = async () => {
  const one = run()
  const count = threads(2)
  run()
  await new Promise((resolve) => setTimeout(resolve, 300))
  const two = run()
  return JSON.stringify({ code, engine: engine().name, count, one, two })
}
`

const bundled = async (entry: string, platform: 'browser' | 'node'): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    alias: { 'pullback/reference': './lib/reference/index.ts', pullback: './lib/index.ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text as string
}

interface Trained {
  /** The code of the error, where the usual engine does not run. */
  readonly code?: string
  readonly engine: string
  readonly count: number
  readonly one: readonly number[]
  readonly two: readonly number[]
}

/** The program in a page that is served with some headers; one whose policy forbids WebAssembly chooses its engine. */
const inPage = async (
  browser: Browser,
  headers: Readonly<Record<string, string>>,
  isClosed = false,
): Promise<Trained> => {
  const script = await bundled(`${programFor(isClosed)}\ntrain().then((text) => { document.title = text })`, 'browser')
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html', ...headers })
    response.end(isScript ? script : '<!doctype html><script type="module" src="page.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const page = await browser.newPage()
  try {
    const errors: string[] = []
    page.on('pageerror', (e) => errors.push(String(e)))
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    for (let left = 300; (await page.title()) === ''; left--) {
      if (left === 0 || errors.length > 0) throw new Error(`the page says nothing: ${errors.join('; ')}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return JSON.parse(await page.title()) as Trained
  } finally {
    await page.close()
    server.close()
  }
}

t.test('the same bits in a page as in Node', absent, async (t) => {
  const script = await bundled(`${programFor(false)}\nconsole.log(await train())`, 'node')
  const file = join(root, '.tap', 'browser.mjs')
  writeFileSync(file, script)
  const node = JSON.parse(await output(process.execPath, [file])) as Trained
  t.equal(node.one.length, 20)
  t.ok((node.one[19] as number) < (node.one[0] as number) / 2, 'it learns')
  t.same(node.two, node.one, 'on two threads')
  t.equal(node.count, 2)

  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const plain = await inPage(browser, {})
    t.same(plain, { engine: 'wasm', count: 1, one: node.one, two: node.one }, 'an ordinary page: one thread')
    const isolated = await inPage(browser, {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:",
    })
    t.same(isolated, { engine: 'wasm', count: 2, one: node.one, two: node.one }, 'isolated, without unsafe-eval: two')
    const closed = await inPage(browser, { 'content-security-policy': "default-src 'self'; script-src 'self'" }, true)
    t.equal(closed.code, 'no-engine', 'no WebAssembly either: an error')
    t.equal(closed.engine, 'reference', 'and the engine that the page then chooses')
    closed.one.forEach((loss, i) => {
      t.ok(Math.abs(loss - (node.one[i] as number)) < 1e-3, `loss ${i}`)
    })
  } finally {
    await browser.close()
  }
})
