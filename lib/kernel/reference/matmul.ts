import { allocate, type Data } from '../../tensor/data.ts'
import { matrices, sizeOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Kernels } from '../kernels.ts'

const tile = 4

/** Lines of a matrix in groups of four, each group's entries interleaved and padded with zeros: what the inner loop reads. */
const panels = (
  data: Data,
  offset: number,
  lines: number,
  line: number,
  length: number,
  along: number,
): Float64Array => {
  const out = new Float64Array(Math.ceil(lines / tile) * tile * length)
  for (let i = 0; i < lines; i++) {
    let q = Math.floor(i / tile) * tile * length + (i % tile)
    let p = offset + i * line
    for (let k = 0; k < length; k++, p += along, q += tile) out[q] = data[p] as number
  }
  return out
}

/** A 4 × 4 tile of the product, in sixteen local sums. */
const tileOf = (a: Float64Array, p: number, b: Float64Array, q: number, depth: number, out: Float64Array): void => {
  let [c00, c01, c02, c03] = [0, 0, 0, 0]
  let [c10, c11, c12, c13] = [0, 0, 0, 0]
  let [c20, c21, c22, c23] = [0, 0, 0, 0]
  let [c30, c31, c32, c33] = [0, 0, 0, 0]
  for (let k = 0, i = p, j = q; k < depth; k++, i += tile, j += tile) {
    const a0 = a[i] as number
    const a1 = a[i + 1] as number
    const a2 = a[i + 2] as number
    const a3 = a[i + 3] as number
    const b0 = b[j] as number
    const b1 = b[j + 1] as number
    const b2 = b[j + 2] as number
    const b3 = b[j + 3] as number
    c00 += a0 * b0
    c01 += a0 * b1
    c02 += a0 * b2
    c03 += a0 * b3
    c10 += a1 * b0
    c11 += a1 * b1
    c12 += a1 * b2
    c13 += a1 * b3
    c20 += a2 * b0
    c21 += a2 * b1
    c22 += a2 * b2
    c23 += a2 * b3
    c30 += a3 * b0
    c31 += a3 * b1
    c32 += a3 * b2
    c33 += a3 * b3
  }
  out[0] = c00
  out[1] = c01
  out[2] = c02
  out[3] = c03
  out[4] = c10
  out[5] = c11
  out[6] = c12
  out[7] = c13
  out[8] = c20
  out[9] = c21
  out[10] = c22
  out[11] = c23
  out[12] = c30
  out[13] = c31
  out[14] = c32
  out[15] = c33
}

/** The product of two matrices into row-major `to` at `at`, in tiles of 4 × 4. */
const product = (a: Raw, aOffset: number, b: Raw, bOffset: number, to: Data, at: number): void => {
  const rank = a.shape.length
  const [m, k, n] = [a.shape[rank - 2] as number, a.shape[rank - 1] as number, b.shape[rank - 1] as number]
  const [aRow, aCol] = [a.stride[rank - 2] as number, a.stride[rank - 1] as number]
  const [bRow, bCol] = [b.stride[rank - 2] as number, b.stride[rank - 1] as number]
  const rows = panels(a.buffer, aOffset, m, aRow, k, aCol)
  const columns = panels(b.buffer, bOffset, n, bCol, k, bRow)
  const c = new Float64Array(tile * tile)
  for (let j = 0; j < n; j += tile)
    for (let i = 0; i < m; i += tile) {
      tileOf(rows, i * k, columns, j * k, k, c)
      const [h, w] = [Math.min(tile, m - i), Math.min(tile, n - j)]
      for (let r = 0; r < h; r++) for (let s = 0; s < w; s++) to[at + (i + r) * n + j + s] = c[r * tile + s] as number
    }
}

export const matmul: Kernels['matmul'] = (a, b) => {
  const [m, n] = [a.shape[a.shape.length - 2] as number, b.shape[b.shape.length - 1] as number]
  const to = allocate(a.dtype, sizeOf(a.shape.slice(0, -2)) * m * n)
  const [as, bs] = [matrices(a.shape, a.stride), matrices(b.shape, b.stride)]
  as.forEach((p, i) => {
    product(a, a.offset + p, b, b.offset + (bs[i] as number), to, i * m * n)
  })
  return to
}

export const affine: Kernels['affine'] = (x, W, b) => {
  const { buffer, dtype, size, offset } = W
  const [o, i] = W.shape as readonly [number, number]
  const [row, column] = W.stride as readonly [number, number]
  const to = matmul(x, { buffer, dtype, size, offset, shape: [i, o], stride: [column, row] })
  const n = b.size
  for (let i = 0; i < to.length; i++)
    (to[i] as number) += b.buffer[b.offset + (i % n) * (b.stride[0] as number)] as number
  return to
}
