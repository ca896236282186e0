import type { Raw } from '../../tensor/view.ts'
import type { Float } from '../../type/tensor.ts'
import type { Kernels, MapName, ZipName } from '../kernels.ts'
import type { Exports } from './exports.ts'
import type { Heap } from './heap.ts'

/** The codes of assembly/elementwise.ts. */
export const maps: Readonly<Record<MapName, number>> = {
  neg: 0,
  exp: 1,
  log: 2,
  sqrt: 3,
  tanh: 4,
  sigmoid: 5,
  relu: 6,
  erf: 7,
  erfinv: 8,
  scale: 9,
  shift: 10,
  atLeast: 11,
  below: 12,
  abs: 13,
  atMost: 14,
  leakyRelu: 15,
  elu: 16,
  softplus: 17,
  normalCdf: 18,
  silu: 19,
  gelu: 20,
  geluTanh: 21,
  mish: 22,
}
const zips: Readonly<Record<ZipName, number>> = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  gate: 4,
  tanhPullback: 5,
  sigmoidPullback: 6,
  addScaled: 7,
  maximum: 8,
  minimum: 9,
  prelu: 10,
  leakyGate: 11,
  eluPullback: 12,
  siluPullback: 13,
  geluPullback: 14,
  geluTanhPullback: 15,
  mishPullback: 16,
}

export const elementwise = (heap: Heap, exports: Exports): Pick<Kernels, 'map' | 'zip' | 'adam'> => ({
  map: (f, x, p = 0) =>
    heap.run(() => {
      const from = heap.packed(x)
      const to = heap.reserve(x.data.BYTES_PER_ELEMENT * x.size)
      exports[x.dtype as Float].map(maps[f], from, to, x.size, p)
      return heap.result(x.dtype, to, x.size)
    }),
  zip: (f, x, y, p = 0) =>
    heap.run(() => {
      const [a, b] = [heap.packed(x), heap.packed(y)]
      const to = heap.reserve(x.data.BYTES_PER_ELEMENT * x.size)
      exports[x.dtype as Float].zip(zips[f], a, b, to, x.size, p)
      return heap.result(x.dtype, to, x.size)
    }),
  adam: (g, mu, nu, p, { b1, b2, eps, c1, c2, keep, rate }) =>
    heap.run(() => {
      const from = [g, mu, nu, p].map(heap.packed)
      const to = [g, mu, nu].map((x: Raw) => heap.reserve(x.data.BYTES_PER_ELEMENT * x.size))
      exports[g.dtype as Float].adam(...from, ...to, g.size, b1, b2, eps, c1, c2, keep, rate)
      return to.map((at) => heap.result(g.dtype, at, g.size)) as never
    }),
})
