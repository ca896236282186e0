import type { Exports, FloatKernels, Product } from './exports.ts'

/** What a worker needs: the kernels, the memory, and its number. */
type Message = readonly [module: WebAssembly.Module, memory: WebAssembly.Memory, id: number]

/** A worker's program: it looks for jobs, sleeps where there are none, and wakes when it is notified. */
const program = `
const { enter, work } = new WebAssembly.Instance(module, { env: { memory } }).exports
const jobs = new Int32Array(memory.buffer)
for (let last = enter(id); last >= 0; ) {
  const next = work(id, last)
  if (next === last) Atomics.wait(jobs, id * 32, last)
  last = next
}`

interface NodeWorker {
  readonly unref: () => void
  readonly on: (event: 'error', listener: () => void) => void
  readonly terminate: () => unknown
}
interface Node {
  readonly process?: {
    readonly getBuiltinModule?: (name: string) => { readonly Worker: new (code: string, options: object) => NodeWorker }
  }
}

/**
 * Starts a worker that waits for jobs, in Node or in a page; gives what ends it. Workers keep no process alive. One that cannot start
 * is never awake, and the others do its work.
 */
const startWorker = (message: Message): (() => void) => {
  const node = (globalThis as Node).process?.getBuiltinModule?.('node:worker_threads')
  if (node !== undefined) {
    const code = `const [module, memory, id] = require('node:worker_threads').workerData;${program}`
    const worker = new node.Worker(code, { eval: true, workerData: message, execArgv: [], env: {} })
    worker.on('error', () => {})
    worker.unref()
    return () => worker.terminate()
  }
  const code = `onmessage = ({ data: [module, memory, id] }) => {${program}\nclose() }`
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  const worker = new Worker(url)
  worker.onerror = (event) => event.preventDefault()
  worker.postMessage(message)
  return () => worker.terminate()
}

/** Whether there are threads here that share memory. */
export const canShare = (): boolean => {
  const { process, crossOriginIsolated } = globalThis as Node & { readonly crossOriginIsolated?: boolean }
  return typeof process?.getBuiltinModule === 'function' || crossOriginIsolated === true
}

/** Below so many multiplications a product is done sooner than it is handed over. */
const small = 2 ** 17

/** Products by n threads, which start with the first that is large enough, and are used once they run. */
export const makePool = (module: WebAssembly.Module, memory: WebAssembly.Memory, exports: Exports, n: number) => {
  const started = new Map<number, () => void>()
  const start = (): void => {
    for (let id = 1; id < n; id++) {
      if (started.has(id)) continue
      started.set(id, () => {})
      try {
        started.set(id, startWorker([module, memory, id]))
      } catch {
        // Not allowed here: this thread does all the work.
      }
    }
  }
  const stop = (): void => {
    for (const [id, terminate] of started) if (exports.end(id) === 0) terminate()
    started.clear()
  }
  const room = exports.workspace()
  const product =
    ({ product: alone, split }: FloatKernels): Product =>
    (...args) => {
      const [, M, N, K] = args
      if (M * N * K < small) return alone(...args)
      if (started.size < n - 1) start()
      return split(exports.ready(n), room, ...args)
    }
  return { stop, product: { float32: product(exports.float32), float64: product(exports.float64) } }
}
