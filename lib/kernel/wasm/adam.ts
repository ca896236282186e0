import type { Raw } from '../../tensor/view.ts'
import type { Float } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'

export const adam = (heap: Heap, exports: KernelExports): Pick<Kernels, 'adam'> => ({
  adam: (g, mu, nu, p, { b1, b2, eps, c1, c2, keep, rate }) =>
    heap.run(() => {
      const from = [g, mu, nu, p].map(heap.packed)
      const to = [g, mu, nu].map((x: Raw) => heap.reserve(x.buffer.BYTES_PER_ELEMENT * x.size))
      exports[g.dtype as Float].adam(...from, ...to, g.size, b1, b2, eps, c1, c2, keep, rate)
      return to.map((at) => heap.result(g.dtype, at, g.size)) as never
    }),
})
