import type { Float } from '../../type/tensor.ts'
import type { Entrywise } from '../kernels.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'

type Table<N extends string> = Readonly<Record<N, number>>

/** The code of each name, which is its index in the list. */
const codesOf = <N extends string>(names: Table<N>): Table<N> =>
  Object.fromEntries(Object.keys(names).map((name, code) => [name, code])) as Table<N>

/** Functions of each entry, by the lists from which their loops were made. */
export const entrywise = <M extends string, Z extends string>(
  heap: Heap,
  exports: Pick<KernelExports, Float>,
  maps: Table<M>,
  zips: Table<Z>,
): Entrywise<M, Z> => {
  const codes = { map: codesOf(maps), zip: codesOf(zips) }
  return {
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
  }
}
