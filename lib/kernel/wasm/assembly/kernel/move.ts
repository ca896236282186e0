// Kernels that move numbers of 4 or 8 bytes, whatever they mean. The room behind a result may hold other numbers, so
// nothing is written past the last entry.
import { transposed } from '../product/pack'

/** Writes zeros. */
export function clear(to: usize, bytes: usize): void {
  memory.fill(to, 0, bytes)
}

/** Copies n numbers from every s bytes to every t bytes. */
function spread(x: usize, y: usize, n: i32, s: usize, t: usize, width: usize): void {
  if (width == 4)
    for (; n > 0; n--, x += s, y += t) store<u32>(y, load<u32>(x))
  else
    for (; n > 0; n--, x += s, y += t) store<u64>(y, load<u64>(x))
}

/**
 * y [n, m] = xᵀ for x [m, n], whose rows are `line` bytes apart, and those of y `step`: eight rows of y at a time, so
 * that few lines of the cache are in use; squares of float32 and int32 go through vectors.
 */
function turn(x: usize, y: usize, n: i32, m: i32, line: usize, step: usize, width: usize): void {
  for (; n > 0; n -= 8) {
    let from = x, to = y, left = m
    if (width == 4 && n >= 8)
      for (; left >= 4; left -= 4) {
        for (let k: usize = 0; k < 8; k += 4) transposed<u32>(from + 4 * k, line, to + k * step, step)
        from += 4 * line
        to += 16
      }
    for (; left > 0; left--) {
      spread(from, to, min(8, n), width, step, width)
      from += line
      to += width
    }
    x += 8 * width
    y += 8 * step
  }
}

/** The last `left` axes of a move; `at` is the address of the size of the first of them. */
function along(x: usize, y: usize, at: usize, next: usize, left: i32, width: usize): void {
  const n = load<i32>(at), s = load<usize>(at + next) * width, t = load<usize>(at + 2 * next) * width
  if (left == 1) {
    if (s == width && t == width) memory.copy(y, x, <usize>n * width)
    else spread(x, y, n, s, t, width)
  } else if (left == 2 && s == width && load<i32>(at + 2 * next, 4) == 1)
    turn(x, y, n, load<i32>(at, 4), load<usize>(at + next, 4) * width, t, width)
  else
    for (let i = 0; i < n; i++) {
      along(x, y, at + 4, next, left - 1, width)
      x += s
      y += t
    }
}

/**
 * Copies the entries of one layout to another, given by the record that the host writes: the number of axes, which is
 * not zero, then for all axes the sizes, the strides of x, and those of y, in entries.
 */
export function move(x: usize, y: usize, record: usize, width: usize): void {
  const rank = load<i32>(record)
  along(x, y, record + 4, <usize>rank << 2, rank, width)
}
