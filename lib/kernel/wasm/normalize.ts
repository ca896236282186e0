import type { Raw } from '../../tensor/view.ts'
import type { Float } from '../../type/tensor.ts'
import type { Kernels, Normalization } from '../kernels.ts'
import type { Exports } from './exports.ts'
import type { Heap } from './heap.ts'

type Normalizing = Pick<Kernels, 'moments' | 'normalize' | 'normalizePullback'>

export const normalization = (heap: Heap, exports: Exports): Normalizing => {
  /** Bytes for so many numbers for each column, and a vector behind them. */
  const room = (columns: number, each: number): number => heap.reserve(8 * each * (columns + 4))
  const about = (x: Raw, { each }: Normalization) => ({
    kernels: exports[x.dtype as Float],
    rows: x.shape[0] as number,
    columns: x.shape[1] as number,
    byRow: each === 'row',
    bytes: x.data.BYTES_PER_ELEMENT,
  })
  return {
    moments: (x, o) =>
      heap.run(() => {
        const { kernels, rows, columns, byRow, bytes } = about(x, o)
        const count = byRow ? rows : columns
        const from = heap.packed(x)
        const [mean, variance] = [heap.reserve(bytes * count), heap.reserve(bytes * count)]
        if (byRow) kernels.rowMoments(from, mean, variance, rows, columns, Number(o.centred))
        else kernels.columnMoments(from, mean, variance, rows, columns, room(columns, 2))
        return [heap.result(x.dtype, mean, count), heap.result(x.dtype, variance, count)]
      }),
    normalize: (x, scale, shift, mean, variance, o) =>
      heap.run(() => {
        const { kernels, rows, columns, byRow, bytes } = about(x, o)
        const from = [x, scale, shift, mean, variance].map(heap.packed)
        const to = heap.reserve(bytes * x.size)
        if (byRow) kernels.normalizeRows(...from, to, rows, columns, o.epsilon)
        else kernels.normalizeColumns(...from, to, rows, columns, o.epsilon, room(columns, 1))
        return heap.result(x.dtype, to, x.size)
      }),
    normalizePullback: (d, x, scale, mean, variance, o) =>
      heap.run(() => {
        const { kernels, rows, columns, byRow, bytes } = about(x, o)
        const from = [d, x, scale, mean, variance].map(heap.packed)
        const [dx, dscale, dshift] = [x.size, columns, columns].map((n) => heap.reserve(bytes * n)) as [
          number,
          number,
          number,
        ]
        const numbers = [...from, dx, dscale, dshift, rows, columns, o.epsilon]
        if (byRow) kernels.normalizeRowsPullback(...numbers, Number(o.centred), room(columns, 2))
        else kernels.normalizeColumnsPullback(...numbers, room(columns, 3))
        return [
          heap.result(x.dtype, dx, x.size),
          heap.result(x.dtype, dscale, columns),
          heap.result(x.dtype, dshift, columns),
        ]
      }),
  }
}
