// Programs in a page of a browser: Debian's Chromium, or the one that CHROMIUM names.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { root } from './run.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** What a spec says where there is no browser; false where there is one. */
export const withoutBrowser = existsSync(executablePath)
  ? false
  : 'no browser: apt-get install chromium, or set CHROMIUM'

const bundled = async (program: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    alias: {
      pullback: './lib/index.ts',
      'pullback/interop': './lib/interop/index.ts',
      'pullback/numpy': './lib/numpy/index.ts',
      'pullback/onnx': './lib/onnx/index.ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text as string
}

/**
 * What a program finds in a page, as JSON. Its text defines a function `go` that gives a promise; it may fetch files by
 * their names.
 */
export const inPage = async <A>(program: string, files: { readonly [name: string]: Uint8Array } = {}): Promise<A> => {
  const script = await bundled(`${program}
go().then((found) => { globalThis.found = { found } }, (e) => { globalThis.found = { error: String(e?.stack ?? e) } })`)
  const server = createServer(({ url = '/' }, response) => {
    const isScript = url === '/page.js'
    const file = files[decodeURIComponent(url.slice(1))]
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(file ?? (isScript ? script : '<!doctype html><script type="module" src="page.js"></script>'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction('globalThis.found !== undefined')
    const { found, error } = (await page.evaluate('globalThis.found')) as { readonly found: A; readonly error?: string }
    if (error !== undefined) throw new Error(`in the page: ${error}`)
    return found
  } finally {
    await browser.close()
    server.close()
  }
}
