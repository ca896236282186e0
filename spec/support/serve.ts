import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

export interface Served {
  /** The address of the first page, with a slash at its end. */
  readonly address: string
  /** Waits until no request has been under way for half a second. */
  readonly quiet: () => Promise<void>
  readonly close: () => void
}

/** Serves a folder of static pages below a path, as a plain host does: no header that matters, and 404.html for what is not there. */
export const serve = (folder: string, base: string): Promise<Served> =>
  new Promise((resolve) => {
    const fileOf = async (path: string): Promise<string | undefined> => {
      const plain = join(folder, normalize(decodeURIComponent(path)))
      for (const file of [plain, join(plain, 'index.html')])
        if ((await stat(file).catch(() => undefined))?.isFile()) return file
      return undefined
    }
    let [underWay, last] = [0, 0]
    const server = createServer(async ({ url = '/' }, response) => {
      underWay++
      response.on('close', () => {
        underWay--
        last = performance.now()
      })
      const { pathname } = new URL(url, 'http://localhost')
      const file = pathname.startsWith(base) ? await fileOf(pathname.slice(base.length)) : undefined
      const type = types[extname(file ?? '.html')] ?? 'application/octet-stream'
      response.writeHead(file === undefined ? 404 : 200, { 'content-type': type })
      response.end(await readFile(file ?? join(folder, '404.html')))
    })
    server.listen(0, '127.0.0.1', () => {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`
      const close = (): void => {
        server.close()
        server.closeAllConnections()
      }
      const quiet = async (): Promise<void> => {
        while (underWay > 0 || performance.now() - last < 500) await wait(50)
      }
      resolve({ address, quiet, close })
    })
  })
