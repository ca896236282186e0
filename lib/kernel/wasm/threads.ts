import type { Exports, FloatKernels, Product, ProductArguments } from './exports.ts'

/** The message to a worker: the kernels, the memory, and its number. */
type Message = readonly [module: WebAssembly.Module, memory: WebAssembly.Memory, id: number]

/** The program of a worker: it looks for jobs, sleeps when there are none, and wakes when notified. */
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

let url: string | undefined

/** The address of the workers' program in a page: made once, since a page keeps every such address. */
const programUrl = (): string => {
  const code = `onmessage = ({ data: [module, memory, id] }) => {${program}\nclose() }`
  url ??= URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  return url
}

/**
 * Starts a worker that waits for jobs, in Node or in a page; returns a function that ends it. Workers keep no process
 * alive. `failed` is called for one that cannot start: it never wakes, and the others do its work.
 */
const startWorker = (message: Message, failed: () => void): (() => void) => {
  const node = (globalThis as Node).process?.getBuiltinModule?.('node:worker_threads')
  if (node !== undefined) {
    // In a block, since Deno declares the names of a CommonJS module, `module` among them, beside those of the program.
    const code = `{ const [module, memory, id] = require('node:worker_threads').workerData;${program} }`
    const worker = new node.Worker(code, { eval: true, workerData: message, execArgv: [], env: {} })
    worker.on('error', failed)
    worker.unref()
    return () => worker.terminate()
  }
  const worker = new Worker(programUrl())
  worker.onerror = (event) => {
    event.preventDefault()
    failed()
  }
  worker.postMessage(message)
  return () => worker.terminate()
}

/** True if threads can share memory here. */
export const canShare = (): boolean => {
  const { process, crossOriginIsolated } = globalThis as Node & { readonly crossOriginIsolated?: boolean }
  return typeof process?.getBuiltinModule === 'function' || crossOriginIsolated === true
}

/** Products with fewer multiplications are faster on this thread than handed over. */
const small = 2 ** 17

const isSmall = ([, M, N, K]: ProductArguments): boolean => M * N * K < small

/** Products by n threads, which start with the first that is large enough, and are used once they run. */
export const makePool = (module: WebAssembly.Module, memory: WebAssembly.Memory, exports: Exports, n: number) => {
  const started = new Map<number, () => void>()
  const failed = new Set<number>()
  const start = (): void => {
    for (let id = 1; id < n; id++) {
      if (started.has(id)) continue
      started.set(id, () => {})
      try {
        started.set(
          id,
          startWorker([module, memory, id], () => failed.add(id)),
        )
      } catch {
        failed.add(id) // Not allowed here: this thread does all the work.
      }
    }
  }
  const stop = (): void => {
    for (const [id, terminate] of started) if (exports.end(id) === 0) terminate()
    started.clear()
    failed.clear()
  }
  const room = exports.workspace()
  const product =
    ({ product: alone, split }: FloatKernels): Product =>
    (...args) => {
      if (isSmall(args)) return alone(...args)
      if (started.size < n - 1) start()
      return split(exports.ready(n), room, ...args)
    }
  return {
    /**
     * The number of threads that can work: those before the first that could not start, since jobs are given in order.
     */
    threads: () => Math.min(n, ...failed),
    stop,
    isSmall,
    product: { float32: product(exports.float32), float64: product(exports.float64) },
  }
}
