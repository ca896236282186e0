import type { Kernels } from '../kernels.ts'
import { reference } from '../reference/reference.ts'
import { elementwise } from './elementwise.ts'
import { compiled, instantiate } from './exports.ts'
import { makeHeap } from './heap.ts'
import { products } from './products.ts'
import { random } from './random.ts'
import { rowwise } from './rows.ts'
import { canShare, makePool } from './threads.ts'
import { windows } from './windows.ts'

export interface WasmOptions {
  /** Threads for matrix products, this one among them; 1 where threads cannot share memory. */
  readonly threads?: number
  /** What a training step has released becomes NaN: finds tensors that escape from it. */
  readonly poison?: boolean
  /** How much memory there may be, in pages of 64 KiB. */
  readonly pages?: number
}

/** Where threads find their jobs. */
const jobs = 64 * 128

/**
 * 128-bit SIMD kernels in one WebAssembly memory. Kernels that only move entries are those of `reference`. Throws where there is
 * no WebAssembly, or none with SIMD.
 */
export const wasm = (options: WasmOptions = {}): Kernels => {
  const { pages = 65_536, poison = false } = options
  const threads = canShare() ? (options.threads ?? 1) : 1
  const shared = threads > 1
  const memory = new WebAssembly.Memory({ initial: Math.min(512, pages), maximum: pages, shared })
  const module = compiled(shared)
  const exports = instantiate(module, memory)
  const alone = { float32: exports.float32.product, float64: exports.float64.product }
  const { stop, product } = shared ? makePool(module, memory, exports, threads) : { stop: () => {}, product: alone }
  const heap = makeHeap(memory, jobs + threads * exports.workspace(), poison)
  return {
    ...reference,
    ...elementwise(heap, exports),
    ...rowwise(heap, exports),
    ...products(heap, product, exports.repeat, jobs),
    ...random(heap, exports),
    ...windows(heap, exports),
    name: 'wasm',
    threads,
    features: ['128-bit SIMD', ...(shared ? ['shared memory'] : [])],
    bytes: () => memory.buffer.byteLength,
    scope: heap.scope,
    stop,
    withThreads: (n) => wasm({ ...options, threads: n }),
  }
}
