// Matrix products. C [M, N] = A [M, K] B [K, N], or C += A B; C is row-major, A and B have any strides (in entries).
//
// After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008): a block of B is packed into panels of one
// vector's width, A eight rows at a time; a tile of eight vectors of C stays in registers while a block of K goes by. V8 keeps the
// eight in registers only where the loop is counted, tested at the top, and nothing branches after it.

import { lanes, ma } from './lanes'

const KC: i32 = 256 // depth of a block
const NC: i32 = 512 // columns of a block of B
const MR: i32 = 8 // rows of a tile

/** Bytes of workspace for a product: a panel of A, a tile, and a block of B, in float64. */
export function workspace(): usize { return (KC * MR + MR * 2 + KC * NC) * 8 }

/** Eight rows of one vector: C = AB of packed panels, or C += AB. Depth is a multiple of four. */
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
      c0 = ma<T>(c0, v128.load_splat<T>(a), b0)
      c1 = ma<T>(c1, v128.load_splat<T>(a, 4), b0)
      c2 = ma<T>(c2, v128.load_splat<T>(a, 8), b0)
      c3 = ma<T>(c3, v128.load_splat<T>(a, 12), b0)
      c4 = ma<T>(c4, v128.load_splat<T>(a, 16), b0)
      c5 = ma<T>(c5, v128.load_splat<T>(a, 20), b0)
      c6 = ma<T>(c6, v128.load_splat<T>(a, 24), b0)
      c7 = ma<T>(c7, v128.load_splat<T>(a, 28), b0)
      const b1 = v128.load(b, 16)
      c0 = ma<T>(c0, v128.load_splat<T>(a, 32), b1)
      c1 = ma<T>(c1, v128.load_splat<T>(a, 36), b1)
      c2 = ma<T>(c2, v128.load_splat<T>(a, 40), b1)
      c3 = ma<T>(c3, v128.load_splat<T>(a, 44), b1)
      c4 = ma<T>(c4, v128.load_splat<T>(a, 48), b1)
      c5 = ma<T>(c5, v128.load_splat<T>(a, 52), b1)
      c6 = ma<T>(c6, v128.load_splat<T>(a, 56), b1)
      c7 = ma<T>(c7, v128.load_splat<T>(a, 60), b1)
      const b2 = v128.load(b, 32)
      c0 = ma<T>(c0, v128.load_splat<T>(a, 64), b2)
      c1 = ma<T>(c1, v128.load_splat<T>(a, 68), b2)
      c2 = ma<T>(c2, v128.load_splat<T>(a, 72), b2)
      c3 = ma<T>(c3, v128.load_splat<T>(a, 76), b2)
      c4 = ma<T>(c4, v128.load_splat<T>(a, 80), b2)
      c5 = ma<T>(c5, v128.load_splat<T>(a, 84), b2)
      c6 = ma<T>(c6, v128.load_splat<T>(a, 88), b2)
      c7 = ma<T>(c7, v128.load_splat<T>(a, 92), b2)
      const b3 = v128.load(b, 48)
      c0 = ma<T>(c0, v128.load_splat<T>(a, 96), b3)
      c1 = ma<T>(c1, v128.load_splat<T>(a, 100), b3)
      c2 = ma<T>(c2, v128.load_splat<T>(a, 104), b3)
      c3 = ma<T>(c3, v128.load_splat<T>(a, 108), b3)
      c4 = ma<T>(c4, v128.load_splat<T>(a, 112), b3)
      c5 = ma<T>(c5, v128.load_splat<T>(a, 116), b3)
      c6 = ma<T>(c6, v128.load_splat<T>(a, 120), b3)
      c7 = ma<T>(c7, v128.load_splat<T>(a, 124), b3)
      a += 128
      b += 64
    }
  } else {
    for (let k = 0; k < depth; k += 2) {
      const b0 = v128.load(b)
      c0 = ma<T>(c0, v128.load_splat<T>(a), b0)
      c1 = ma<T>(c1, v128.load_splat<T>(a, 8), b0)
      c2 = ma<T>(c2, v128.load_splat<T>(a, 16), b0)
      c3 = ma<T>(c3, v128.load_splat<T>(a, 24), b0)
      c4 = ma<T>(c4, v128.load_splat<T>(a, 32), b0)
      c5 = ma<T>(c5, v128.load_splat<T>(a, 40), b0)
      c6 = ma<T>(c6, v128.load_splat<T>(a, 48), b0)
      c7 = ma<T>(c7, v128.load_splat<T>(a, 56), b0)
      const b1 = v128.load(b, 16)
      c0 = ma<T>(c0, v128.load_splat<T>(a, 64), b1)
      c1 = ma<T>(c1, v128.load_splat<T>(a, 72), b1)
      c2 = ma<T>(c2, v128.load_splat<T>(a, 80), b1)
      c3 = ma<T>(c3, v128.load_splat<T>(a, 88), b1)
      c4 = ma<T>(c4, v128.load_splat<T>(a, 96), b1)
      c5 = ma<T>(c5, v128.load_splat<T>(a, 104), b1)
      c6 = ma<T>(c6, v128.load_splat<T>(a, 112), b1)
      c7 = ma<T>(c7, v128.load_splat<T>(a, 120), b1)
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

function tileSet<T>(depth: i32, a: usize, b: usize, c: usize, row: usize): void { tile<T>(false, depth, a, b, c, row) }
function tileAdd<T>(depth: i32, a: usize, b: usize, c: usize, row: usize): void { tile<T>(true, depth, a, b, c, row) }

/** A square of as many lines as a vector has lanes, transposed. */
@inline
function transposed<T>(from: usize, line: usize, to: usize, step: usize): void {
  if (sizeof<T>() == 4) {
    const r0 = v128.load(from), r1 = v128.load(from + line)
    const r2 = v128.load(from + 2 * line), r3 = v128.load(from + 3 * line)
    const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5)
    const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7)
    v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2))
    v128.store(to + step, v128.shuffle<i64>(low01, low23, 1, 3))
    v128.store(to + 2 * step, v128.shuffle<i64>(high01, high23, 0, 2))
    v128.store(to + 3 * step, v128.shuffle<i64>(high01, high23, 1, 3))
  } else {
    const r0 = v128.load(from), r1 = v128.load(from + line)
    v128.store(to, v128.shuffle<i64>(r0, r1, 0, 2))
    v128.store(to + step, v128.shuffle<i64>(r0, r1, 1, 3))
  }
}

/**
 * A panel of `width` lines, entry by entry of all lines, padded with zeros to the full width and to a depth of a multiple of four.
 * `line` and `along` are the bytes from line to line and along a line.
 */
@inline
function pack<T>(width: i32, from: usize, line: usize, along: usize, lines: i32, depth: i32, to: usize): void {
  const step = <usize>width * sizeof<T>()
  let k = 0
  if (lines == width && along == sizeof<T>()) {
    for (; k + lanes<T>() <= depth; k += lanes<T>()) {
      for (let i = 0; i < width; i += lanes<T>())
        transposed<T>(from + <usize>i * line, line, to + <usize>i * sizeof<T>(), step)
      from += 16
      to += step * lanes<T>()
    }
  } else if (lines == width && line == sizeof<T>()) {
    for (; k < depth; k++) {
      for (let i: usize = 0; i < step; i += 16) v128.store(to + i, v128.load(from + i))
      from += along
      to += step
    }
  }
  for (; k < depth; k++) {
    for (let i = 0; i < width; i++)
      store<T>(to + <usize>i * sizeof<T>(), i < lines ? load<T>(from + <usize>i * line) : 0)
    from += along
    to += step
  }
  for (; k & 3; k++) {
    for (let i: usize = 0; i < step; i += 16) v128.store(to + i, v128.splat<T>(0))
    to += step
  }
}

function packRows<T>(from: usize, line: usize, along: usize, lines: i32, depth: i32, to: usize): void {
  pack<T>(MR, from, line, along, lines, depth, to)
}
function packColumns<T>(from: usize, line: usize, along: usize, lines: i32, depth: i32, to: usize): void {
  pack<T>(lanes<T>(), from, line, along, lines, depth, to)
}

/** The product of a tile at the edge, of h rows and w columns, by way of a whole one. */
function edge<T>(add: bool, depth: i32, a: usize, b: usize, c: usize, row: usize, h: i32, w: i32, whole: usize): void {
  tileSet<T>(depth, a, b, whole, 16)
  for (let i = 0; i < h; i++)
    for (let j = 0; j < w; j++) {
      const p = c + <usize>i * row + <usize>j * sizeof<T>()
      const v = load<T>(whole + <usize>i * 16 + <usize>j * sizeof<T>())
      store<T>(p, add ? load<T>(p) + v : v)
    }
}

function blocked<T>(
  add: bool, M: i32, N: i32, K: i32, A: usize, aRow: usize, aCol: usize, B: usize, bRow: usize, bCol: usize, C: usize,
  cRow: usize, ws: usize,
): void {
  const NR = lanes<T>()
  const rows = ws, whole = rows + KC * MR * sizeof<T>(), columns = whole + MR * 16
  for (let jc = 0; jc < N; jc += NC) {
    const nc = min(NC, N - jc)
    for (let pc = 0; pc < K; pc += KC) {
      const kc = min(KC, K - pc), depth = (kc + 3) & ~3
      const more = pc > 0 || add
      for (let j = 0; j < nc; j += NR) {
        const from = B + <usize>pc * bRow + <usize>(jc + j) * bCol
        packColumns<T>(from, bCol, bRow, min(NR, nc - j), kc, columns + <usize>(j * depth) * sizeof<T>())
      }
      for (let i = 0; i < M; i += MR) {
        const h = min(MR, M - i)
        packRows<T>(A + <usize>i * aRow + <usize>pc * aCol, aRow, aCol, h, kc, rows)
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

/** y = A x, or y += A x, for rows of A that lie one after the other: a dot product for each. */
function dots<T>(add: bool, M: i32, K: i32, A: usize, aRow: usize, x: usize, y: usize): void {
  const n = <usize>K * sizeof<T>()
  for (let i = 0; i < M; i++) {
    let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0
    let k: usize = 0
    for (; k + 64 <= n; k += 64) {
      s0 = ma<T>(s0, v128.load(A + k), v128.load(x + k))
      s1 = ma<T>(s1, v128.load(A + k, 16), v128.load(x + k, 16))
      s2 = ma<T>(s2, v128.load(A + k, 32), v128.load(x + k, 32))
      s3 = ma<T>(s3, v128.load(A + k, 48), v128.load(x + k, 48))
    }
    for (; k + 16 <= n; k += 16) s0 = ma<T>(s0, v128.load(A + k), v128.load(x + k))
    s0 = v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3))
    let s: T
    if (sizeof<T>() == 4)
      s = <T>(
        f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1) + (f32x4.extract_lane(s0, 2) + f32x4.extract_lane(s0, 3))
      )
    else s = <T>(f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1))
    for (; k < n; k += sizeof<T>()) s += load<T>(A + k) * load<T>(x + k)
    store<T>(y, add ? load<T>(y) + s : s)
    A += aRow
    y += sizeof<T>()
  }
}

/** y = A x, or y += A x, for columns of A that lie one after the other: their sum, each times an entry of x. */
function axpys<T>(add: bool, M: i32, K: i32, A: usize, aCol: usize, x: usize, y: usize): void {
  const W = 4 * lanes<T>()
  let i = 0
  for (; i + W <= M; i += W) {
    let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0
    if (add) {
      s0 = v128.load(y)
      s1 = v128.load(y, 16)
      s2 = v128.load(y, 32)
      s3 = v128.load(y, 48)
    }
    let p = A, q = x
    for (let k = 0; k < K; k++) {
      const v = v128.load_splat<T>(q)
      s0 = ma<T>(s0, v128.load(p), v)
      s1 = ma<T>(s1, v128.load(p, 16), v)
      s2 = ma<T>(s2, v128.load(p, 32), v)
      s3 = ma<T>(s3, v128.load(p, 48), v)
      p += aCol
      q += sizeof<T>()
    }
    v128.store(y, s0)
    v128.store(y, s1, 16)
    v128.store(y, s2, 32)
    v128.store(y, s3, 48)
    A += 64
    y += 64
  }
  for (; i < M; i++) {
    let s: T = add ? load<T>(y) : 0
    let p = A, q = x
    for (let k = 0; k < K; k++) {
      s += load<T>(p) * load<T>(q)
      p += aCol
      q += sizeof<T>()
    }
    store<T>(y, s)
    A += sizeof<T>()
    y += sizeof<T>()
  }
}

/** A vector with its entries one after the other: as it is, or copied. */
function line<T>(x: usize, step: usize, n: i32, to: usize): usize {
  if (step == sizeof<T>()) return x
  for (let i = 0; i < n; i++) {
    store<T>(to + <usize>i * sizeof<T>(), load<T>(x))
    x += step
  }
  return to
}

/** A matrix times a vector, in the form that reads the matrix as it lies. */
function vector<T>(
  add: bool, M: i32, K: i32, A: usize, aRow: usize, aCol: usize, x: usize, step: usize, y: usize, ws: usize,
): void {
  if (aCol != sizeof<T>() && aRow != sizeof<T>()) return blocked<T>(add, M, 1, K, A, aRow, aCol, x, step, 0, y, sizeof<T>(), ws)
  for (let k = 0; k == 0 || k < K; k += KC * NC) {
    const depth = min(K - k, KC * NC)
    const q = line<T>(x + <usize>k * step, step, depth, ws)
    if (aCol == sizeof<T>()) dots<T>(add || k > 0, M, depth, A + <usize>k * aCol, aRow, q, y)
    else axpys<T>(add || k > 0, M, depth, A + <usize>k * aCol, aCol, q, y)
  }
}

function product<T>(
  add: bool, M: i32, N: i32, K: i32, A: usize, aRow: i32, aCol: i32, B: usize, bRow: i32, bCol: i32, C: usize, cRow: i32,
  ws: usize,
): void {
  const E = sizeof<T>()
  const ar = aRow * <i32>E, ac = aCol * <i32>E, br = bRow * <i32>E, bc = bCol * <i32>E
  if (K == 0 && !add) for (let i = 0; i < M; i++) memory.fill(C + <usize>(i * cRow) * E, 0, <usize>N * E)
  if (N == 1 && cRow == 1) vector<T>(add, M, K, A, ar, ac, B, br, C, ws)
  else if (M == 1) vector<T>(add, N, K, B, bc, br, A, ac, C, ws)
  else blocked<T>(add, M, N, K, A, ar, ac, B, br, bc, C, cRow * <i32>E, ws)
}

export function product_f32(
  add: bool, M: i32, N: i32, K: i32, A: usize, aRow: i32, aCol: i32, B: usize, bRow: i32, bCol: i32, C: usize, cRow: i32,
  ws: usize,
): void {
  product<f32>(add, M, N, K, A, aRow, aCol, B, bRow, bCol, C, cRow, ws)
}
export function product_f64(
  add: bool, M: i32, N: i32, K: i32, A: usize, aRow: i32, aCol: i32, B: usize, bRow: i32, bCol: i32, C: usize, cRow: i32,
  ws: usize,
): void {
  product<f64>(add, M, N, K, A, aRow, aCol, B, bRow, bCol, C, cRow, ws)
}

/** Each of the rows of C the same, before a product is added to them: a bias. */
export function repeat(from: usize, C: usize, rows: i32, bytes: i32): void {
  for (let i = 0; i < rows; i++) {
    memory.copy(C, from, bytes)
    C += bytes
  }
}
