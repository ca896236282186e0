@inline
function entry(x: usize, index: usize, i: i32, width: usize): f64 {
  const p = x + <usize>load<i32>(index + (<usize>i << 2)) * width
  return width == 4 ? <f64>load<f32>(p) : load<f64>(p)
}

/**
 * The indices of each row of x [rows, n], of float32 or float64 as its width says, in the ascending order of its
 * entries: equal ones stay in order, NaN comes last. Runs of 1, 2, 4, … sorted entries are merged through `spare`,
 * which has room for n indices.
 */
export function argsort(x: usize, y: usize, spare: usize, rows: i32, n: i32, width: usize): void {
  for (; rows > 0; rows--, x += <usize>n * width, y += <usize>n << 2) {
    for (let j = 0; j < n; j++) store<i32>(y + (<usize>j << 2), j)
    for (let run = 1; run < n; run <<= 1) {
      for (let from = 0; from + run < n; from += run << 1) {
        const middle = from + run, end = min(middle + run, n)
        memory.copy(spare, y + (<usize>from << 2), <usize>run << 2)
        let left = 0, right = middle
        for (let k = from; left < run; k++) {
          let later = right < end
          if (later) {
            const a = entry(x, spare, left, width), b = entry(x, y, right, width)
            later = b < a || (a != a && b == b)
          }
          const taken = later ? load<i32>(y + (<usize>right << 2)) : load<i32>(spare + (<usize>left << 2))
          store<i32>(y + (<usize>k << 2), taken)
          if (later) right++
          else left++
        }
      }
    }
  }
}
