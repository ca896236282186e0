import { isContiguous } from '../../tensor/pack.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Float } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import type { Exports } from './exports.ts'
import type { Heap } from './heap.ts'

/** A view with the axes from `kept` on in front: where its entries lie in this order, the sum goes down columns. */
const turned = (x: Raw, kept: number): Raw => ({
  ...x,
  size: x.size,
  dtype: x.dtype,
  shape: [...x.shape.slice(kept), ...x.shape.slice(0, kept)],
  stride: [...x.stride.slice(kept), ...x.stride.slice(0, kept)],
})

export const rowwise = (heap: Heap, exports: Exports): Pick<Kernels, 'sum' | 'rows' | 'logSumExp'> => ({
  sum: (x, kept) =>
    heap.run(() => {
      const { sumRows, sumColumns } = exports[x.dtype as Float]
      const rows = sizeOf(x.shape.slice(0, kept))
      const n = sizeOf(x.shape.slice(kept))
      const down = !isContiguous(x) && isContiguous(turned(x, kept))
      const from = down ? heap.place(x).at : heap.packed(x)
      const to = heap.reserve(x.data.BYTES_PER_ELEMENT * rows)
      if (down) sumColumns(from, to, n, rows)
      else sumRows(from, to, rows, n)
      return heap.result(x.dtype, to, rows)
    }),
  rows: (f, x) =>
    heap.run(() => {
      const n = x.shape[x.shape.length - 1] as number
      const from = heap.packed(x)
      const to = heap.reserve(x.data.BYTES_PER_ELEMENT * x.size)
      if (n > 0) exports[x.dtype as Float][f](from, to, x.size / n, n)
      return heap.result(x.dtype, to, x.size)
    }),
  logSumExp: (x) =>
    heap.run(() => {
      const rows = sizeOf(x.shape.slice(0, -1))
      const from = heap.packed(x)
      const to = heap.reserve(x.data.BYTES_PER_ELEMENT * rows)
      exports[x.dtype as Float].logSumExp(from, to, rows, x.shape[x.shape.length - 1] as number)
      return heap.result(x.dtype, to, rows)
    }),
})
