import { textOf } from './failure.ts'

/** A worker as those see it who have made it: one of `node:worker_threads`, or a Web Worker. */
export interface RankWorker {
  postMessage(message: unknown): void
  terminate(): unknown
  /** What a worker of Node has. */
  on?(event: string, listener: (value: unknown) => void): unknown
  /** What a Web Worker has. */
  addEventListener?(event: string, listener: (event: unknown) => void): void
}

/** What a rank tells the program that has started it. */
export type FromRank =
  | { readonly pullback: 'ready' }
  | { readonly pullback: 'done'; readonly result: unknown }
  | { readonly pullback: 'failed' }

/** What that program tells a rank when all are ready. */
export interface ToRank {
  readonly pullback: 'start'
  readonly rank: number
  readonly size: number
  readonly buffer: SharedArrayBuffer
  readonly patience: number
  readonly input: unknown
}

/** Messages may be others' too, which have no such field. */
const isOurs = <A extends FromRank | ToRank>(data: unknown): data is A =>
  typeof data === 'object' && data !== null && 'pullback' in data

/** Hears what a worker says, and how it ends: by an error, or else by itself. */
export const hear = (
  worker: RankWorker,
  said: (message: FromRank) => void,
  ended: (how: string, byError: boolean) => void,
): void => {
  const message = (data: unknown): void => {
    if (isOurs<FromRank>(data)) said(data)
  }
  if (worker.on !== undefined) {
    worker.on('message', message)
    worker.on('error', (error) => ended(textOf(error), true))
    worker.on('exit', (code) => ended(`its end with exit code ${code}`, false))
    return
  }
  worker.addEventListener?.('message', (event) => message((event as MessageEvent).data))
  worker.addEventListener?.('error', (event) => {
    const error = event as ErrorEvent
    error.preventDefault() // It is told as an error of the group; Deno would end the whole program.
    ended(error.message || 'a program that could not be loaded', true)
  })
  worker.addEventListener?.('close', () => ended('its end', false)) // Bun tells of it.
}

/** The side of a worker. */
export interface Port {
  postMessage(message: unknown): void
  addEventListener(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  removeEventListener(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

interface Here {
  readonly process?: {
    readonly getBuiltinModule?: (name: string) => { readonly parentPort: Port | null }
  }
  readonly WorkerGlobalScope?: unknown
}

/** The port of this worker to those who have made it; undefined where this is no worker. */
export const ownPort = (): Port | undefined => {
  const here = globalThis as Here
  const node = here.process?.getBuiltinModule?.('node:worker_threads')?.parentPort
  return node ?? (here.WorkerGlobalScope === undefined ? undefined : (globalThis as unknown as Port))
}

/** Says that this worker is ready, and waits until it is told to start. */
export const started = (port: Port): Promise<ToRank> =>
  new Promise((resolve) => {
    const hear = ({ data }: { readonly data: unknown }): void => {
      if (!isOurs<ToRank>(data)) return
      port.removeEventListener('message', hear)
      resolve(data)
    }
    port.addEventListener('message', hear)
    port.postMessage({ pullback: 'ready' } satisfies FromRank)
  })
