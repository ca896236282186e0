import { isContiguous } from '../../tensor/pack.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Float } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'

/** True if the axes from `kept` on lie in front of the others, row by row: then the sum goes down columns. */
const isTurned = ({ shape, stride }: Raw, kept: number): boolean => {
  const rank = shape.length
  let n = 1
  for (let i = rank - 1; i >= 0; i--) {
    const axis = (i + kept) % rank
    const length = shape[axis] as number
    if (length !== 1 && stride[axis] !== n) return false
    n *= length
  }
  return true
}

type RowKernels = Pick<
  Kernels,
  'sum' | 'rows' | 'softmaxPullback' | 'logSumExp' | 'crossEntropy' | 'crossEntropyPullback'
>

export const rowwise = (heap: Heap, exports: KernelExports): RowKernels => ({
  sum: (x, kept) =>
    heap.run(() => {
      const { sumRows, sumColumns } = exports[x.dtype as Float]
      let rows = 1
      for (let i = 0; i < kept; i++) rows *= x.shape[i] as number
      const n = rows === 0 ? 0 : x.size / rows
      const down = !isContiguous(x) && isTurned(x, kept)
      const from = down ? heap.place(x).at : heap.packed(x)
      const to = heap.reserve(x.buffer.BYTES_PER_ELEMENT * rows)
      if (down) sumColumns(from, to, n, rows)
      else sumRows(from, to, rows, n)
      return heap.result(x.dtype, to, rows)
    }),
  rows: (f, x) =>
    heap.run(() => {
      const n = x.shape[x.shape.length - 1] as number
      const from = heap.packed(x)
      const to = heap.reserve(x.buffer.BYTES_PER_ELEMENT * x.size)
      if (n > 0) exports[x.dtype as Float][f](from, to, x.size / n, n)
      return heap.result(x.dtype, to, x.size)
    }),
  softmaxPullback: (d, y) =>
    heap.run(() => {
      const n = y.shape[y.shape.length - 1] as number
      const [by, from] = [heap.packed(d), heap.packed(y)]
      const to = heap.reserve(y.buffer.BYTES_PER_ELEMENT * y.size)
      if (n > 0) exports[y.dtype as Float].softmaxPullback(by, from, to, y.size / n, n)
      return heap.result(y.dtype, to, y.size)
    }),
  logSumExp: (x) =>
    heap.run(() => {
      const rows = sizeOf(x.shape.slice(0, -1))
      const from = heap.packed(x)
      const to = heap.reserve(x.buffer.BYTES_PER_ELEMENT * rows)
      exports[x.dtype as Float].logSumExp(from, to, rows, x.shape[x.shape.length - 1] as number)
      return heap.result(x.dtype, to, rows)
    }),
  crossEntropy: (x, index) =>
    heap.run(() => {
      const [from, labels] = [heap.packed(x), heap.packed(index)]
      const to = heap.reserve(x.buffer.BYTES_PER_ELEMENT * index.size)
      exports[x.dtype as Float].crossEntropy(from, labels, to, index.size, x.shape[x.shape.length - 1] as number)
      return heap.result(x.dtype, to, index.size)
    }),
  crossEntropyPullback: (x, index, d) =>
    heap.run(() => {
      const n = x.shape[x.shape.length - 1] as number
      const [from, labels, by] = [heap.packed(x), heap.packed(index), heap.packed(d)]
      const to = heap.reserve(x.buffer.BYTES_PER_ELEMENT * x.size)
      exports[x.dtype as Float].crossEntropyPullback(from, labels, by, to, index.size, n)
      return heap.result(x.dtype, to, x.size)
    }),
})
