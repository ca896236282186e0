// A tile of C, the sum of products of entries in a panel of A and one of B: eight rows of one vector, which stay in
// registers while the panels go by. V8 keeps the eight there only where the loop is counted, tested at the top, and
// nothing branches after it.
import { mulAdd } from '../math/lanes'

/** The rows of a tile. */
export const MR: i32 = 8

/** Eight rows of one vector: C = AB of packed panels, or C += AB. The depth is a multiple of four. */
@inline
function tile<T>(add: bool, depth: i32, a: usize, b: usize, c: usize, row: usize): void {
  const zero = v128.splat<T>(0)
  let c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero
  if (add) {
    let p = c
    c0 = v128.load(p); p += row
    c1 = v128.load(p); p += row
    c2 = v128.load(p); p += row
    c3 = v128.load(p); p += row
    c4 = v128.load(p); p += row
    c5 = v128.load(p); p += row
    c6 = v128.load(p); p += row
    c7 = v128.load(p)
  }
  if (sizeof<T>() == 4) {
    for (let k = 0; k < depth; k += 4) {
      const b0 = v128.load(b)
      c0 = mulAdd<T>(c0, v128.load_splat<T>(a), b0)
      c1 = mulAdd<T>(c1, v128.load_splat<T>(a, 4), b0)
      c2 = mulAdd<T>(c2, v128.load_splat<T>(a, 8), b0)
      c3 = mulAdd<T>(c3, v128.load_splat<T>(a, 12), b0)
      c4 = mulAdd<T>(c4, v128.load_splat<T>(a, 16), b0)
      c5 = mulAdd<T>(c5, v128.load_splat<T>(a, 20), b0)
      c6 = mulAdd<T>(c6, v128.load_splat<T>(a, 24), b0)
      c7 = mulAdd<T>(c7, v128.load_splat<T>(a, 28), b0)
      const b1 = v128.load(b, 16)
      c0 = mulAdd<T>(c0, v128.load_splat<T>(a, 32), b1)
      c1 = mulAdd<T>(c1, v128.load_splat<T>(a, 36), b1)
      c2 = mulAdd<T>(c2, v128.load_splat<T>(a, 40), b1)
      c3 = mulAdd<T>(c3, v128.load_splat<T>(a, 44), b1)
      c4 = mulAdd<T>(c4, v128.load_splat<T>(a, 48), b1)
      c5 = mulAdd<T>(c5, v128.load_splat<T>(a, 52), b1)
      c6 = mulAdd<T>(c6, v128.load_splat<T>(a, 56), b1)
      c7 = mulAdd<T>(c7, v128.load_splat<T>(a, 60), b1)
      const b2 = v128.load(b, 32)
      c0 = mulAdd<T>(c0, v128.load_splat<T>(a, 64), b2)
      c1 = mulAdd<T>(c1, v128.load_splat<T>(a, 68), b2)
      c2 = mulAdd<T>(c2, v128.load_splat<T>(a, 72), b2)
      c3 = mulAdd<T>(c3, v128.load_splat<T>(a, 76), b2)
      c4 = mulAdd<T>(c4, v128.load_splat<T>(a, 80), b2)
      c5 = mulAdd<T>(c5, v128.load_splat<T>(a, 84), b2)
      c6 = mulAdd<T>(c6, v128.load_splat<T>(a, 88), b2)
      c7 = mulAdd<T>(c7, v128.load_splat<T>(a, 92), b2)
      const b3 = v128.load(b, 48)
      c0 = mulAdd<T>(c0, v128.load_splat<T>(a, 96), b3)
      c1 = mulAdd<T>(c1, v128.load_splat<T>(a, 100), b3)
      c2 = mulAdd<T>(c2, v128.load_splat<T>(a, 104), b3)
      c3 = mulAdd<T>(c3, v128.load_splat<T>(a, 108), b3)
      c4 = mulAdd<T>(c4, v128.load_splat<T>(a, 112), b3)
      c5 = mulAdd<T>(c5, v128.load_splat<T>(a, 116), b3)
      c6 = mulAdd<T>(c6, v128.load_splat<T>(a, 120), b3)
      c7 = mulAdd<T>(c7, v128.load_splat<T>(a, 124), b3)
      a += 128
      b += 64
    }
  } else {
    for (let k = 0; k < depth; k += 2) {
      const b0 = v128.load(b)
      c0 = mulAdd<T>(c0, v128.load_splat<T>(a), b0)
      c1 = mulAdd<T>(c1, v128.load_splat<T>(a, 8), b0)
      c2 = mulAdd<T>(c2, v128.load_splat<T>(a, 16), b0)
      c3 = mulAdd<T>(c3, v128.load_splat<T>(a, 24), b0)
      c4 = mulAdd<T>(c4, v128.load_splat<T>(a, 32), b0)
      c5 = mulAdd<T>(c5, v128.load_splat<T>(a, 40), b0)
      c6 = mulAdd<T>(c6, v128.load_splat<T>(a, 48), b0)
      c7 = mulAdd<T>(c7, v128.load_splat<T>(a, 56), b0)
      const b1 = v128.load(b, 16)
      c0 = mulAdd<T>(c0, v128.load_splat<T>(a, 64), b1)
      c1 = mulAdd<T>(c1, v128.load_splat<T>(a, 72), b1)
      c2 = mulAdd<T>(c2, v128.load_splat<T>(a, 80), b1)
      c3 = mulAdd<T>(c3, v128.load_splat<T>(a, 88), b1)
      c4 = mulAdd<T>(c4, v128.load_splat<T>(a, 96), b1)
      c5 = mulAdd<T>(c5, v128.load_splat<T>(a, 104), b1)
      c6 = mulAdd<T>(c6, v128.load_splat<T>(a, 112), b1)
      c7 = mulAdd<T>(c7, v128.load_splat<T>(a, 120), b1)
      a += 128
      b += 32
    }
  }
  v128.store(c, c0); c += row
  v128.store(c, c1); c += row
  v128.store(c, c2); c += row
  v128.store(c, c3); c += row
  v128.store(c, c4); c += row
  v128.store(c, c5); c += row
  v128.store(c, c6); c += row
  v128.store(c, c7)
}

export function tileSet<T>(depth: i32, a: usize, b: usize, c: usize, row: usize): void { tile<T>(false, depth, a, b, c, row) }
export function tileAdd<T>(depth: i32, a: usize, b: usize, c: usize, row: usize): void { tile<T>(true, depth, a, b, c, row) }
