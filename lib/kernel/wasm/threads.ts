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

interface WorkerThreads {
  readonly Worker: new (code: string, options: object) => { readonly unref: () => void }
}
interface Node {
  readonly process?: { readonly getBuiltinModule?: (name: string) => WorkerThreads }
}

/** Starts a worker that waits for jobs, in Node or in a page. Workers keep no process alive. */
const startWorker = (message: Message): void => {
  const node = (globalThis as Node).process?.getBuiltinModule?.('node:worker_threads')
  if (node !== undefined) {
    const code = `const [module, memory, id] = require('node:worker_threads').workerData;${program}`
    new node.Worker(code, { eval: true, workerData: message, execArgv: [], env: {} }).unref()
    return
  }
  const code = `onmessage = ({ data: [module, memory, id] }) => {${program}\nclose() }`
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  new Worker(url).postMessage(message)
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
  const started = new Set<number>()
  const start = (): void => {
    for (let id = 1; id < n; id++)
      if (!started.has(id)) {
        startWorker([module, memory, id])
        started.add(id)
      }
  }
  const stop = (): void => {
    for (const id of started) if (exports.end(id) === 1) started.delete(id)
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
