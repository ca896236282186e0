import type { Kernels } from '../kernels.ts'
import { reference } from '../reference/reference.ts'
import { elementwise } from './elementwise.ts'
import { type Exports, instantiate } from './exports.ts'
import { type Heap, makeHeap } from './heap.ts'
import { products } from './products.ts'
import { random } from './random.ts'
import { rowwise } from './rows.ts'

/** What an engine on WebAssembly memory stands on. */
export interface Ground {
  readonly memory: WebAssembly.Memory
  readonly exports: Exports
  readonly heap: Heap
  /** Where products keep their packed factors. */
  readonly workspace: number
}

const initialPages = 512
const maximumPages = 65_536

const ground = (options: { readonly poison?: boolean }): Ground => {
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages })
  const exports = instantiate(memory)
  const workspace = 1024
  return { memory, exports, workspace, heap: makeHeap(memory, workspace + exports.workspace(), options) }
}

/**
 * 128-bit SIMD kernels in one WebAssembly memory. Kernels that only move entries are those of `reference`. Throws where there is
 * no WebAssembly, or none with SIMD.
 */
export const wasm = (options: { readonly poison?: boolean } = {}): Kernels => {
  const { exports, heap, workspace } = ground(options)
  const multiply = { float32: exports.float32.product, float64: exports.float64.product }
  return {
    ...reference,
    ...elementwise(heap, exports),
    ...rowwise(heap, exports),
    ...products(heap, multiply, exports.repeat, workspace),
    ...random(heap, exports),
    name: 'wasm',
    scope: heap.scope,
  }
}
