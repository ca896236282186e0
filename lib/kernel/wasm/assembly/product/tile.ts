// A tile of C, the sum of products of entries in a panel of A and one of B: four rows of two vectors, which stay in
// registers while the panels go by. V8 keeps the eight there only where the loop is counted, tested at the top, takes
// one entry of the panels a turn, and nothing branches after it.
import { mulAdd } from '../math/lanes'

/** The rows of a tile, and the vectors of a row. */
export const MR: i32 = 4
export const NV: i32 = 2

/** Four rows of two vectors: C = AB of packed panels, or C += AB. */
@inline
function tile<T>(add: bool, depth: i32, a: usize, b: usize, c: usize, row: usize): void {
  const zero = v128.splat<T>(0), E = sizeof<T>()
  const r1 = c + row, r2 = r1 + row, r3 = r2 + row
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero
  if (add) {
    c00 = v128.load(c), c01 = v128.load(c, 16)
    c10 = v128.load(r1), c11 = v128.load(r1, 16)
    c20 = v128.load(r2), c21 = v128.load(r2, 16)
    c30 = v128.load(r3), c31 = v128.load(r3, 16)
  }
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16)
    const a0 = v128.load_splat<T>(a)
    c00 = mulAdd<T>(c00, a0, b0), c01 = mulAdd<T>(c01, a0, b1)
    const a1 = v128.load_splat<T>(a, E)
    c10 = mulAdd<T>(c10, a1, b0), c11 = mulAdd<T>(c11, a1, b1)
    const a2 = v128.load_splat<T>(a, 2 * E)
    c20 = mulAdd<T>(c20, a2, b0), c21 = mulAdd<T>(c21, a2, b1)
    const a3 = v128.load_splat<T>(a, 3 * E)
    c30 = mulAdd<T>(c30, a3, b0), c31 = mulAdd<T>(c31, a3, b1)
    a += 4 * E
    b += 32
  }
  v128.store(c, c00), v128.store(c, c01, 16)
  v128.store(r1, c10), v128.store(r1, c11, 16)
  v128.store(r2, c20), v128.store(r2, c21, 16)
  v128.store(r3, c30), v128.store(r3, c31, 16)
}

export function tileSet<T>(depth: i32, a: usize, b: usize, c: usize, row: usize): void { tile<T>(false, depth, a, b, c, row) }
export function tileAdd<T>(depth: i32, a: usize, b: usize, c: usize, row: usize): void { tile<T>(true, depth, a, b, c, row) }
