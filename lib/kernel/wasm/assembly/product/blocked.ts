// C = AB after Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008): a block of B is
// packed into panels of the tile's width, A in panels of its height, one at a time.
import { lanes } from '../math/lanes'
import { packColumns, packRows } from './pack'
import { MR, NV, tileAdd, tileSet } from './tile'

/** The depth of a block. */
export const KC: i32 = 256
/** The columns of a block of B. */
export const NC: i32 = 512

/** The bytes of workspace for a product: a panel of A, a tile, and a block of B, in float64. */
export function workspace(): usize { return (KC * MR + MR * NV * 2 + KC * NC) * 8 }

/** The product of a tile at the edge, of h rows and w columns, computed by way of a whole tile. */
function edge<T>(add: bool, depth: i32, a: usize, b: usize, c: usize, row: usize, h: i32, w: i32, whole: usize): void {
  tileSet<T>(depth, a, b, whole, 16 * NV)
  for (let i = 0; i < h; i++)
    for (let j = 0; j < w; j++) {
      const p = c + <usize>i * row + <usize>j * sizeof<T>()
      const v = load<T>(whole + <usize>(i * NV * 16) + <usize>j * sizeof<T>())
      store<T>(p, add ? load<T>(p) + v : v)
    }
}

export function blocked<T>(
  add: bool, M: i32, N: i32, K: i32, A: usize, aRow: usize, aCol: usize, B: usize, bRow: usize, bCol: usize, C: usize,
  cRow: usize, ws: usize,
): void {
  const NR = NV * lanes<T>()
  const rows = ws, whole = rows + KC * MR * sizeof<T>(), columns = whole + MR * NV * 16
  for (let jc = 0; jc < N; jc += NC) {
    const nc = min(NC, N - jc)
    for (let pc = 0; pc < K; pc += KC) {
      const depth = min(KC, K - pc)
      const more = pc > 0 || add
      for (let j = 0; j < nc; j += NR) {
        const from = B + <usize>pc * bRow + <usize>(jc + j) * bCol
        packColumns<T>(from, bCol, bRow, min(NR, nc - j), depth, columns + <usize>(j * depth) * sizeof<T>())
      }
      for (let i = 0; i < M; i += MR) {
        const h = min(MR, M - i)
        packRows<T>(A + <usize>i * aRow + <usize>pc * aCol, aRow, aCol, h, depth, rows)
        for (let j = 0; j < nc; j += NR) {
          const w = min(NR, nc - j), b = columns + <usize>(j * depth) * sizeof<T>()
          const c = C + <usize>i * cRow + <usize>(jc + j) * sizeof<T>()
          if (h != MR || w != NR) edge<T>(more, depth, rows, b, c, cRow, h, w, whole)
          else if (more) tileAdd<T>(depth, rows, b, c, cRow)
          else tileSet<T>(depth, rows, b, c, cRow)
        }
      }
    }
  }
}
