// Threefry-2x32 with twenty rounds, four counters at a time: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as
// easy as 1, 2, 3" (SC 2011).

/** The exclusive or of a, and b rotated to the left. */
@inline
function rotated(b: v128, by: i32, a: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(b, by), i32x4.shr_u(b, 32 - by)), a)
}

/**
 * The words of four counters: those that come first into `to`, the others 16 bytes on. Five times four rounds, written
 * out: so every rotation is by a constant.
 */
@inline
function block(k0: v128, k1: v128, x0: v128, x1: v128, to: usize): void {
  const k2 = v128.xor(v128.xor(k0, k1), i32x4.splat(0x1bd11bda))
  let a = i32x4.add(x0, k0), b = i32x4.add(x1, k1)
  a = i32x4.add(a, b); b = rotated(b, 13, a)
  a = i32x4.add(a, b); b = rotated(b, 15, a)
  a = i32x4.add(a, b); b = rotated(b, 26, a)
  a = i32x4.add(a, b); b = rotated(b, 6, a)
  a = i32x4.add(a, k1); b = i32x4.add(b, i32x4.add(k2, i32x4.splat(1)))
  a = i32x4.add(a, b); b = rotated(b, 17, a)
  a = i32x4.add(a, b); b = rotated(b, 29, a)
  a = i32x4.add(a, b); b = rotated(b, 16, a)
  a = i32x4.add(a, b); b = rotated(b, 24, a)
  a = i32x4.add(a, k2); b = i32x4.add(b, i32x4.add(k0, i32x4.splat(2)))
  a = i32x4.add(a, b); b = rotated(b, 13, a)
  a = i32x4.add(a, b); b = rotated(b, 15, a)
  a = i32x4.add(a, b); b = rotated(b, 26, a)
  a = i32x4.add(a, b); b = rotated(b, 6, a)
  a = i32x4.add(a, k0); b = i32x4.add(b, i32x4.add(k1, i32x4.splat(3)))
  a = i32x4.add(a, b); b = rotated(b, 17, a)
  a = i32x4.add(a, b); b = rotated(b, 29, a)
  a = i32x4.add(a, b); b = rotated(b, 16, a)
  a = i32x4.add(a, b); b = rotated(b, 24, a)
  a = i32x4.add(a, k1); b = i32x4.add(b, i32x4.add(k2, i32x4.splat(4)))
  a = i32x4.add(a, b); b = rotated(b, 13, a)
  a = i32x4.add(a, b); b = rotated(b, 15, a)
  a = i32x4.add(a, b); b = rotated(b, 26, a)
  a = i32x4.add(a, b); b = rotated(b, 6, a)
  a = i32x4.add(a, k2); b = i32x4.add(b, i32x4.add(k0, i32x4.splat(5)))
  v128.store(to, a)
  v128.store(to, b, 16)
}

@inline
function counters(k0: i32, k1: i32, from: u64, to: usize): void {
  const n0 = from, n1 = from + 1, n2 = from + 2, n3 = from + 3
  const high = i32x4(<i32>(n0 >> 32), <i32>(n1 >> 32), <i32>(n2 >> 32), <i32>(n3 >> 32))
  const low = i32x4(<i32>n0, <i32>n1, <i32>n2, <i32>n3)
  block(i32x4.splat(k0), i32x4.splat(k1), high, low, to)
}

/** Two words for each of the n counters of 64 bits from (high, low) on. */
export function threefry(k0: i32, k1: i32, high: u32, low: u32, to: usize, n: i32): void {
  const from = (<u64>high << 32) | <u64>low
  for (let i = 0; i < n; i += 4) {
    counters(k0, k1, from + i, to)
    const a = v128.load(to), b = v128.load(to, 16)
    v128.store(to, v128.shuffle<i32>(a, b, 0, 4, 1, 5))
    v128.store(to, v128.shuffle<i32>(a, b, 2, 6, 3, 7), 16)
    to += 32
  }
}

/** The words of the four counters from i on, which is less than 2³². */
@inline
function next(k0: i32, k1: i32, i: i32, to: usize): void {
  block(i32x4.splat(k0), i32x4.splat(k1), i32x4.splat(0), i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)), to)
}

/** Numbers in [0, 1): the high bits of a word, 23 or 52 of them, fill the fraction of a number in [1, 2). */
export function uniform<T>(k0: i32, k1: i32, to: usize, n: i32, words: usize): void {
  for (let i = 0; i < n; i += 4) {
    next(k0, k1, i, words)
    const a = v128.load(words), b = v128.load(words, 16)
    if (sizeof<T>() == 4) {
      const bits = i32x4.shr_u(v128.xor(a, b), 9)
      v128.store(to, f32x4.sub(v128.or(bits, i32x4.splat(0x3f800000)), f32x4.splat(1)))
      to += 16
    } else {
      storeDouble(to, v128.shuffle<i32>(b, a, 0, 4, 1, 5))
      storeDouble(to + 16, v128.shuffle<i32>(b, a, 2, 6, 3, 7))
      to += 32
    }
  }
}

@inline
function storeDouble(to: usize, words: v128): void {
  const bits = v128.or(i64x2.shr_u(words, 12), i64x2.splat(0x3ff0000000000000))
  v128.store(to, f64x2.sub(bits, f64x2.splat(1)))
}
