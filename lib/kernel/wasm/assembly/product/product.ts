// Matrix products. C [M, N] = A [M, K] B [K, N], or C += A B; C is row-major, A and B have any strides (in entries).
import { blocked } from './blocked'
import { MR } from './tile'
import { vector } from './vector'

/** The rows of a part of a column. */
const PART: i32 = 1024
/** The bytes up to which A is read down its columns again and again. */
const NEAR: i64 = 1 << 23

/** A product with few columns: each by itself, a part at a time, which then goes into the rows of C. */
function narrow<T>(
  add: bool, M: i32, N: i32, K: i32, A: usize, ar: usize, ac: usize, B: usize, br: usize, bc: usize, C: usize, cRow: i32,
  ws: usize,
): void {
  const E = sizeof<T>(), row = <usize>cRow * E
  for (let i = 0; i < M; i += PART) {
    const m = min(PART, M - i)
    for (let j = 0; j < N; j++) {
      vector<T>(false, m, K, A, ar, ac, B + <usize>j * bc, br, ws, ws + <usize>PART * E)
      let c = C + <usize>j * E
      for (let p = ws, end = ws + <usize>m * E; p < end; p += E, c += row)
        store<T>(c, add ? load<T>(c) + load<T>(p) : load<T>(p))
    }
    A += <usize>PART * ar
    C += <usize>PART * row
  }
}

/**
 * A factor is not packed for products with fewer rows or columns than a tile has: that would take longer than to read it
 * for each of them. The choice does not depend on the number of rows beyond that, since threads divide them.
 */
export function product<T>(
  add: bool, M: i32, N: i32, K: i32, A: usize, aRow: i32, aCol: i32, B: usize, bRow: i32, bCol: i32, C: usize, cRow: i32,
  ws: usize,
): void {
  const E = sizeof<T>()
  const ar = aRow * <i32>E, ac = aCol * <i32>E, br = bRow * <i32>E, bc = bCol * <i32>E
  if (K == 0 && !add) for (let i = 0; i < M; i++) memory.fill(C + <usize>(i * cRow) * E, 0, <usize>N * E)
  if (N == 1 && cRow == 1) vector<T>(add, M, K, A, ar, ac, B, br, C, ws)
  else if (M == 1) vector<T>(add, N, K, B, bc, br, A, ac, C, ws)
  else if (M < MR && K >= 16 && (bc == <i32>E || br == <i32>E))
    for (let i = 0; i < M; i++) vector<T>(add, N, K, B, bc, br, A + <usize>(i * ar), ac, C + <usize>(i * cRow) * E, ws)
  else if (N < MR && K >= 16 && (ac == <i32>E || (ar == <i32>E && <i64>K * ac <= NEAR))) narrow<T>(add, M, N, K, A, ar, ac, B, br, bc, C, cRow, ws)
  else blocked<T>(add, M, N, K, A, ar, ac, B, br, bc, C, cRow * <i32>E, ws)
}

/** Sets all rows of C to the same numbers, before a product is added to them: a bias. Copies double what is there. */
export function repeat(from: usize, C: usize, rows: i32, bytes: i32): void {
  const all = <usize>rows * bytes
  if (all == 0) return
  memory.copy(C, from, bytes)
  for (let done: usize = bytes; done < all; done += done) memory.copy(C + done, C, min(done, all - done))
}
