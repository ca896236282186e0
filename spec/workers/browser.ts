// Ranks in a page: two workers share memory where the page is isolated, and elsewhere the error names the headers.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import t from 'tap'
import { root } from '../support/run.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const absent = existsSync(executablePath) ? {} : { skip: 'no browser: apt-get install chromium, or set CHROMIUM' }

const page = `
import { inRank, startRanks } from 'pullback/workers'
const make = () => new Worker(new URL('./rank.js', import.meta.url), { type: 'module' })
const tell = async (what) => {
  try {
    return JSON.stringify(await what())
  } catch (e) {
    return String(e)
  }
}
window.told = Promise.all([
  tell(() => startRanks(2, make, { input: 'sum' }).result),
  tell(() => startRanks(2, make, { input: 'throws' }).result),
  tell(() => startRanks(2, make, { input: 'hangs', patience: 0.3 }).result),
  tell(() => startRanks(1, () => new Worker(new URL('./absent.js', import.meta.url), { type: 'module' })).result),
  tell(() => inRank(() => {})),
])
`
const rank = `
import { inRank } from 'pullback/workers'
await new Promise((resolve) => setTimeout(resolve, 50)) // A module that waits before it hears.
inRank((comm, input) => {
  if (input === 'throws' && comm.rank === 1) throw new TypeError('no such layer')
  if (input === 'hangs' && comm.rank === 1) for (;;);
  const numbers = Float32Array.from({ length: 200_000 }, (_, i) => i + comm.rank)
  comm.allReduce(numbers, 'sum')
  comm.barrier()
  return [comm.size, numbers[0], numbers.at(-1)]
})
`

const bundled = async (contents: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    alias: { 'pullback/workers': './lib/workers/index.ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text as string
}

t.test('ranks in a page', absent, async (t) => {
  const files: Readonly<Record<string, string>> = { '/page.js': await bundled(page), '/rank.js': await bundled(rank) }
  const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
  const server = createServer(({ url = '' }, response) => {
    const isPage = url.startsWith('/?') || url === '/'
    const type = isPage ? 'text/html' : 'text/javascript'
    const script = isPage ? '<!doctype html><script type="module" src="page.js"></script>' : files[url]
    response.writeHead(script === undefined ? 404 : 200, {
      'content-type': type,
      ...(url === '/?plain' ? {} : isolation),
    })
    response.end(script)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const told = async (query: string): Promise<readonly string[]> => {
    const tab = await browser.newPage()
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${query}`)
    return tab.evaluate('window.told') as Promise<readonly string[]>
  }
  try {
    t.match(await told(''), [
      '[[2,1,399999],[2,1,399999]]',
      /^RankError: workers: expected rank 1 to end its work, got TypeError: no such layer/,
      /got no call from rank 1; if it does not hang/,
      /^RankError: workers: expected rank 0 to end its work, got a program that could not be loaded/,
      /^ValueError: inRank: expected a worker, which may block while it waits for others, got the main thread/,
    ])
    t.match(
      (await told('?plain'))[0],
      /one that is not cross-origin isolated; .*Cross-Origin-Embedder-Policy: require-corp/,
    )
  } finally {
    await browser.close()
    server.close()
  }
})
