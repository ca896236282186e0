import type { Kernels } from '../kernels.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'

export const random = (heap: Heap, exports: KernelExports): Pick<Kernels, 'threefry' | 'uniform'> => ({
  threefry: (k0, k1, high, low, n) =>
    heap.run(() => {
      const to = heap.reserve(8 * n)
      exports.threefry(k0, k1, high, low, to, n)
      return new Uint32Array(heap.result('int32', to, 2 * n))
    }),
  uniform: (k0, k1, n, dtype) =>
    heap.run(() => {
      const to = heap.reserve((dtype === 'float32' ? 4 : 8) * n)
      exports[dtype].uniform(k0, k1, to, n, heap.reserve(32))
      return heap.result(dtype, to, n)
    }),
})
