import { matrices, sizeOf } from '../../tensor/shape.ts'
import type { Float } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import { jobs, type KernelExports, type Products } from './exports.ts'
import type { Heap } from './memory.ts'

/** Products of matrices with any strides; `repeat` fills the result of an affine map with its bias first, `clear` one of no terms with zeros. */
export const products = (
  heap: Heap,
  product: Products,
  { repeat, clear }: Pick<KernelExports, 'repeat' | 'clear'>,
): Pick<Kernels, 'matmul' | 'affine'> => ({
  matmul: (a, b) =>
    heap.run(() => {
      const rank = a.shape.length
      const [m, k, n] = [a.shape[rank - 2] as number, a.shape[rank - 1] as number, b.shape[rank - 1] as number]
      const width = a.buffer.BYTES_PER_ELEMENT
      const [A, B] = [heap.place(a), heap.place(b)]
      const size = sizeOf(a.shape.slice(0, -2)) * m * n
      const to = heap.reserve(width * size)
      if (k === 0) clear(to, width * size)
      const [as, bs] = [matrices(a.shape, A.stride), matrices(b.shape, B.stride)]
      const multiply = product[a.dtype as Float]
      const [aRow, aColumn] = [A.stride[rank - 2] as number, A.stride[rank - 1] as number]
      const [bRow, bColumn] = [B.stride[rank - 2] as number, B.stride[rank - 1] as number]
      for (let i = 0; i < as.length; i++) {
        const [p, q] = [A.at + width * (as[i] as number), B.at + width * (bs[i] as number)]
        multiply(0, m, n, k, p, aRow, aColumn, q, bRow, bColumn, to + width * i * m * n, n, jobs)
      }
      return heap.result(a.dtype, to, size)
    }),
  affine: (x, W, b) =>
    heap.run(() => {
      const [m, k] = x.shape as readonly [number, number]
      const [n] = W.shape as readonly [number, number]
      const width = x.buffer.BYTES_PER_ELEMENT
      const [X, V, bias] = [heap.place(x), heap.place(W), heap.packed(b)]
      const [xRow, xColumn] = X.stride as readonly [number, number]
      const [wRow, wColumn] = V.stride as readonly [number, number]
      const to = heap.reserve(width * m * n)
      repeat(bias, to, m, width * n)
      product[x.dtype as Float](1, m, n, k, X.at, xRow, xColumn, V.at, wColumn, wRow, to, n, jobs)
      return heap.result(x.dtype, to, m * n)
    }),
})
