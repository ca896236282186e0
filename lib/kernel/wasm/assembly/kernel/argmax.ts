/**
 * The index of the largest entry of each row of x [rows, n], of float32 or float64 as its width says: the first of
 * equals; a NaN counts as largest.
 */
export function argmax(x: usize, y: usize, rows: i32, n: i32, width: usize): void {
  for (; rows > 0; rows--, y += 4) {
    let best = 0, largest = -Infinity
    for (let j = 0; j < n; j++, x += width) {
      const v = width == 4 ? <f64>load<f32>(x) : load<f64>(x)
      if (v > largest || (v != v && largest == largest)) {
        best = j
        largest = v
      }
    }
    store<i32>(y, best)
  }
}
