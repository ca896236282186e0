import { allocate, type Data } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { matrices, sizeOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Kernels } from '../kernels.ts'

const tile = 2

/**
 * The lines of a matrix in pairs, with the entries of a pair interleaved and a missing line as zeros, in the order of
 * the inner loop.
 */
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

const sumOf = (s: number, lost: number): number => (Number.isFinite(s) ? s + lost : s)

/**
 * A 2 × 2 tile of the product, added to the numbers already there. The rounding error of each addition is summed
 * separately, as in `total`, but found without a comparison. Knuth, "The art of computer programming", volume 2, 4.2.2.
 */
const tileOf = (a: Float64Array, p: number, b: Float64Array, q: number, depth: number, out: Float64Array): void => {
  let [s00, s01, s10, s11] = [out[0] as number, out[1] as number, out[2] as number, out[3] as number]
  let [l00, l01, l10, l11] = [0, 0, 0, 0]
  for (let k = 0, i = p, j = q; k < depth; k++, i += tile, j += tile) {
    const a0 = a[i] as number
    const a1 = a[i + 1] as number
    const b0 = b[j] as number
    const b1 = b[j + 1] as number
    const v00 = a0 * b0
    const v01 = a0 * b1
    const v10 = a1 * b0
    const v11 = a1 * b1
    const t00 = s00 + v00
    const t01 = s01 + v01
    const t10 = s10 + v10
    const t11 = s11 + v11
    l00 += s00 - (t00 - (t00 - s00)) + (v00 - (t00 - s00))
    l01 += s01 - (t01 - (t01 - s01)) + (v01 - (t01 - s01))
    l10 += s10 - (t10 - (t10 - s10)) + (v10 - (t10 - s10))
    l11 += s11 - (t11 - (t11 - s11)) + (v11 - (t11 - s11))
    s00 = t00
    s01 = t01
    s10 = t10
    s11 = t11
  }
  out[0] = sumOf(s00, l00)
  out[1] = sumOf(s01, l01)
  out[2] = sumOf(s10, l10)
  out[3] = sumOf(s11, l11)
}

type Matrix = Pick<Raw, 'buffer' | 'shape' | 'stride'>

/**
 * Writes the product of two matrices to row-major `to` at `at`, in tiles of 2 × 2, added to a number for each column.
 */
const product = (a: Matrix, aOffset: number, b: Matrix, bOffset: number, to: Data, at: number, onto: Data): void => {
  const rank = a.shape.length
  const [m, k, n] = [a.shape[rank - 2] as number, a.shape[rank - 1] as number, b.shape[rank - 1] as number]
  if (m === 0 || n === 0) return
  const [aRow, aCol] = [a.stride[rank - 2] as number, a.stride[rank - 1] as number]
  const [bRow, bCol] = [b.stride[rank - 2] as number, b.stride[rank - 1] as number]
  const rows = panels(a.buffer, aOffset, m, aRow, k, aCol)
  const columns = panels(b.buffer, bOffset, n, bCol, k, bRow)
  const c = new Float64Array(tile * tile)
  for (let j = 0; j < n; j += tile)
    for (let i = 0; i < m; i += tile) {
      for (let r = 0; r < tile * tile; r++) c[r] = onto[j + (r % tile)] ?? 0
      tileOf(rows, i * k, columns, j * k, k, c)
      const [h, w] = [Math.min(tile, m - i), Math.min(tile, n - j)]
      for (let r = 0; r < h; r++) for (let s = 0; s < w; s++) to[at + (i + r) * n + j + s] = c[r * tile + s] as number
    }
}

const none = new Float64Array()

export const matmul: Kernels['matmul'] = (a, b) => {
  const [m, n] = [a.shape[a.shape.length - 2] as number, b.shape[b.shape.length - 1] as number]
  const to = allocate(a.dtype, sizeOf(a.shape.slice(0, -2)) * m * n)
  const [as, bs] = [matrices(a.shape, a.stride), matrices(b.shape, b.stride)]
  as.forEach((p, i) => {
    product(a, a.offset + p, b, b.offset + (bs[i] as number), to, i * m * n, none)
  })
  return to
}

/** The bias is a term of each sum, which is rounded once. */
export const affine: Kernels['affine'] = (x, W, b) => {
  const [o, i] = W.shape as readonly [number, number]
  const [row, column] = W.stride as readonly [number, number]
  const to = allocate(x.dtype, (x.shape[0] as number) * o)
  product(x, x.offset, { buffer: W.buffer, shape: [i, o], stride: [column, row] }, W.offset, to, 0, packed(b))
  return to
}
