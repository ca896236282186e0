// Rows added at the places of an index: the transpose of gathering them.
import { addTo } from './col2im'

/** Adds a number at an index. */
@inline
function addAt<T>(d: usize, index: i32, y: usize): void {
  const to = y + <usize>index * sizeof<T>()
  store<T>(to, load<T>(to) + load<T>(d))
}

/** Rows d of n numbers added into zeros at the rows of an index; single numbers by fours. */
export function scatterAdd<T>(d: usize, index: usize, y: usize, count: i32, n: i32, rows: i32): void {
  memory.fill(y, 0, <usize>(rows * n) * sizeof<T>())
  let i = 0
  if (n == 1)
    for (; i + 4 <= count; i += 4) {
      addAt<T>(d, load<i32>(index), y)
      addAt<T>(d + sizeof<T>(), load<i32>(index, 4), y)
      addAt<T>(d + 2 * sizeof<T>(), load<i32>(index, 8), y)
      addAt<T>(d + 3 * sizeof<T>(), load<i32>(index, 12), y)
      d += 4 * sizeof<T>()
      index += 16
    }
  for (; i < count; i++) {
    addTo<T>(d, y + <usize>(load<i32>(index) * n) * sizeof<T>(), n)
    d += <usize>n * sizeof<T>()
    index += 4
  }
}

/** Of each row of d, k numbers, each added at its index into a row of n zeros. */
export function putAlong<T>(d: usize, index: usize, y: usize, rows: i32, k: i32, n: i32): void {
  for (; rows > 0; rows--) {
    scatterAdd<T>(d, index, y, k, 1, n)
    d += <usize>k * sizeof<T>()
    index += <usize>k << 2
    y += <usize>n * sizeof<T>()
  }
}
