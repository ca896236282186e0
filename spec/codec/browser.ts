// A run that began in a page goes on in Node to the same bits: through the page's own stores, and through bytes.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { fromBytes, toBytes } from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import { runOf } from '../support/resume.ts'
import { root } from '../support/run.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const absent = existsSync(executablePath) ? {} : { skip: 'no browser: apt-get install chromium, or set CHROMIUM' }

const program = `
import { compact, fromBytes, op, revive, toBytes, zeros } from 'pullback'
import { indexedFiles, privateFiles } from './examples/browser/store.ts'
import { runOf } from './spec/support/resume.ts'
const go = async () => {
  const { begin, states } = runOf('nadam')
  const at = states(begin())[4]
  await privateFiles.save('run', new Uint8Array(9))
  await privateFiles.save('run', toBytes(at))
  const bytes = await privateFiles.load('run')
  const nothing = await privateFiles.load('other')
  await indexedFiles.save('bytes', bytes)
  const same = fromBytes(begin(9))(await indexedFiles.load('bytes'))
  const slice = op.slice(zeros([1000000]), [[0, 3]])
  await indexedFiles.save('run', compact({ at, slice }))
  const back = revive(await indexedFiles.load('run'))
  return JSON.stringify({ bytes: [...bytes], same: [...toBytes(same.right)], back: [...toBytes(back.at)], slice: [...back.slice.shape], nothing: nothing === undefined })
}
go().then((text) => { document.title = text }, (e) => { document.title = JSON.stringify({ error: String(e) }) })
`

t.test('from a page to Node', absent, async (t) => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    alias: { pullback: './lib/index.ts' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? outputFiles[0]?.text : '<!doctype html><script type="module" src="page.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction("document.title.startsWith('{')")
    const found = JSON.parse(await page.title()) as Readonly<Record<string, readonly number[]>>
    t.equal(found.error, undefined)
    t.same(found.same, found.bytes, 'what IndexedDB keeps of bytes is a run')
    t.same(found.back, found.bytes, 'what it keeps of tensors comes back')
    t.same(found.slice, [3])
    t.equal(found.nothing, true)
    const { begin, states } = runOf('nadam')
    const whole = states(begin())
    t.same([...toBytes(whole[4])], found.bytes, 'a page and Node make the same bytes of the same run')
    const loaded = fromBytes(begin(8))(Uint8Array.from(found.bytes ?? []))
    if (E.isLeft(loaded)) throw loaded.left
    t.same(toBytes(states(loaded.right).at(-1)), toBytes(whole.at(-1)))
  } finally {
    await browser.close()
    server.close()
  }
})
