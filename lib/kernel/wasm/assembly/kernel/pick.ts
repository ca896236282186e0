// Kernels that move numbers of 4 or 8 bytes by index, whatever they mean.

@inline
function indexAt(index: usize, i: i32): i32 { return load<i32>(index + (<usize>i << 2)) }

/** Rows of some bytes at the rows of an index. */
export function gather(x: usize, index: usize, y: usize, count: i32, bytes: usize): void {
  for (let i = 0; i < count; i++) {
    memory.copy(y, x + <usize>indexAt(index, i) * bytes, bytes)
    y += bytes
  }
}

/** Of each row of x, n numbers, those that its row of the index, k of them, names. */
export function takeAlong(x: usize, index: usize, y: usize, rows: i32, n: i32, k: i32, width: usize): void {
  for (; rows > 0; rows--, x += <usize>n * width, index += <usize>k << 2)
    for (let i = 0; i < k; i++, y += width) {
      const p = x + <usize>indexAt(index, i) * width
      if (width == 4) store<u32>(y, load<u32>(p))
      else store<u64>(y, load<u64>(p))
    }
}

/** y = x, one number for each index: from rows of `from` numbers of x, into rows of `to` numbers of y; 0 for no rows. */
export function pick(x: usize, index: usize, y: usize, count: i32, from: i32, to: i32, width: usize): void {
  for (let i = 0; i < count; i++) {
    const j = indexAt(index, i)
    const p = x + <usize>(from == 0 ? i : i * from + j) * width
    const q = y + <usize>(to == 0 ? i : i * to + j) * width
    if (width == 4) store<u32>(q, load<u32>(p))
    else store<u64>(q, load<u64>(p))
  }
}
