// The page's side of a run: a worker of its own, which is ended to stop it, even within an endless loop.
import type { Reply, Request } from '../message.ts'
import { linked } from '../modules.ts'
import type { Settings } from '../settings.ts'

export interface Runner {
  readonly ask: (request: Request) => void
  readonly stop: () => void
}

/** The seconds after which a program that says nothing is taken for endless. */
const patience = 10

export const startRunner = (files: string, code: string, settings: Settings, hear: (reply: Reply) => void): Runner => {
  // A worker from a blob has the policy of the page: it asks no other host, and compiles no code from strings.
  const boot = URL.createObjectURL(
    new Blob([`import ${JSON.stringify(`${files}main.js`)}`], { type: 'text/javascript' }),
  )
  const worker = new Worker(boot, { type: 'module' })
  let isWaited = false
  let silent = 0
  const stop = (): void => {
    clearInterval(watch)
    worker.terminate()
    URL.revokeObjectURL(boot)
  }
  const fail = (text: string): void => {
    stop()
    hear({ kind: 'failed', text })
  }
  // Seconds are counted, not measured: a page that was asleep has not waited.
  const watch = setInterval(() => {
    silent = isWaited ? silent + 1 : 0
    if (silent >= patience)
      fail(`The program was stopped: it gave no sign for ${patience} seconds. Does one of its loops never end?`)
  }, 1000)
  worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
    silent = 0
    if (reply.kind === 'data') isWaited = true
    if (reply.kind === 'ready' || reply.kind === 'checked' || reply.kind === 'failed') isWaited = false
    if (reply.kind === 'progress') isWaited = reply.running
    hear(reply)
  }
  worker.onerror = (event) => {
    event.preventDefault()
    fail(event.message || 'The program could not be loaded.')
  }
  const ask = (request: Request): void => {
    isWaited = request.kind !== 'open' && request.kind !== 'pause'
    worker.postMessage(request)
  }
  ask({ kind: 'open', program: linked(code, files), settings, files })
  return { ask, stop }
}
