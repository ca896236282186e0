import type { Raw } from '../../tensor/view.ts'
import type { Float } from '../../type/tensor.ts'
import type { Engine } from '../engine.ts'
import { maps, zips } from '../names.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'

/** The code of each name, which is its index in the list. */
const codesOf = <N extends string>(names: Readonly<Record<N, number>>): Readonly<Record<N, number>> =>
  Object.fromEntries(Object.keys(names).map((name, code) => [name, code])) as Record<N, number>

export const codes = { map: codesOf(maps), zip: codesOf(zips) }

export const elementwise = (heap: Heap, exports: KernelExports): Pick<Engine, 'map' | 'zip' | 'adam'> => ({
  map: (f, x, p = 0) =>
    heap.run(() => {
      const from = heap.packed(x)
      const to = heap.reserve(x.buffer.BYTES_PER_ELEMENT * x.size)
      exports[x.dtype as Float].map(codes.map[f], from, to, x.size, p)
      return heap.result(x.dtype, to, x.size)
    }),
  zip: (f, x, y, p = 0) =>
    heap.run(() => {
      const [a, b] = [heap.packed(x), heap.packed(y)]
      const to = heap.reserve(x.buffer.BYTES_PER_ELEMENT * x.size)
      exports[x.dtype as Float].zip(codes.zip[f], a, b, to, x.size, p)
      return heap.result(x.dtype, to, x.size)
    }),
  adam: (g, mu, nu, p, { b1, b2, eps, c1, c2, keep, rate }) =>
    heap.run(() => {
      const from = [g, mu, nu, p].map(heap.packed)
      const to = [g, mu, nu].map((x: Raw) => heap.reserve(x.buffer.BYTES_PER_ELEMENT * x.size))
      exports[g.dtype as Float].adam(...from, ...to, g.size, b1, b2, eps, c1, c2, keep, rate)
      return to.map((at) => heap.result(g.dtype, at, g.size)) as never
    }),
})
