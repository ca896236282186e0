// The largest numbers of windows on images [batch, height, width, channels]. Writes go up from the first byte to the
// last, so a whole vector may be written where fewer numbers are left: the next write overwrites the excess, and the
// last of all falls into padding.
import { lanes } from '../math/lanes'
import { Window } from './window'

/** The first of the entries n, n + step, … that is not negative. */
@inline
function inside(n: i32, step: i32): i32 {
  return n < 0 ? n + (step - 1 - n) / step * step : n
}

/** True in lanes where a exceeds b: it is larger, or the first NaN. */
@inline
function exceeds<T>(a: v128, b: v128): v128 {
  return v128.andnot(v128.eq<T>(b, b), v128.le<T>(a, b))
}

/** A whole number in every lane, and the numbers of lanes: as wide as numbers of the format. */
@inline
function everywhere<T>(n: i32): v128 { return sizeof<T>() == 4 ? i32x4.splat(n) : i64x2.splat(n) }
@inline
function numbered<T>(): v128 { return sizeof<T>() == 4 ? i32x4(0, 1, 2, 3) : i64x2(0, 1) }

/** Stores the largest numbers, and where they are. */
@inline
function storeBest<T>(best: v128, where: v128, y: usize, index: usize): void {
  v128.store(y, best)
  if (sizeof<T>() == 4) v128.store(index, where)
  else v128.store64_lane(index, v128.shuffle<i32>(where, where, 0, 2, 0, 2), 0)
}

/** The largest numbers of a window of two by two, without a loop. */
@inline
function bestOfFour<T>(p: usize, at: v128, beside: usize, below: usize, right: v128, down: v128, y: usize, to: usize): void {
  const a = v128.load(p), b = v128.load(p + beside), c = v128.load(p + below), d = v128.load(p + below + beside)
  const upper = exceeds<T>(b, a), lower = exceeds<T>(d, c)
  const first = v128.bitselect(b, a, upper), second = v128.bitselect(d, c, lower)
  const more = exceeds<T>(second, first)
  const where = v128.bitselect(v128.add<i32>(v128.and(lower, right), down), v128.and(upper, right), more)
  storeBest<T>(v128.bitselect(second, first, more), v128.add<i32>(where, at), y, to)
}

/** The largest number of each window, channel by channel, and its index in x. */
export function maxPool<T>(x: usize, y: usize, index: usize, o: Window): void {
  const height = o.height, width = o.width, channels = o.channels, dh = o.dh, dw = o.dw
  const tall = (o.kh - 1) * dh + 1, broad = (o.kw - 1) * dw + 1
  const row = dh * width * channels, step = dw * channels
  const below = <usize>row * sizeof<T>(), beside = <usize>step * sizeof<T>()
  for (let b = 0; b < o.batch; b++)
    for (let i = 0; i < o.down; i++) {
      const firstRow = inside(i * o.sh - o.top, dh), endRow = min(i * o.sh - o.top + tall, height)
      for (let j = 0; j < o.right; j++) {
        const firstColumn = inside(j * o.sw - o.left, dw), endColumn = min(j * o.sw - o.left + broad, width)
        const corner = ((b * height + firstRow) * width + firstColumn) * channels
        const right = everywhere<T>(step), down = everywhere<T>(row), next = everywhere<T>(lanes<T>())
        const end = y + <usize>channels * sizeof<T>()
        let p = x + <usize>corner * sizeof<T>(), to = index
        let at = v128.add<i32>(everywhere<T>(corner), numbered<T>())
        if (endRow - firstRow == dh + 1 && endColumn - firstColumn == dw + 1)
          for (; y < end; y += 16, p += 16, to += 4 * lanes<T>()) {
            bestOfFour<T>(p, at, beside, below, right, down, y, to)
            at = v128.add<i32>(at, next)
          }
        else
          for (; y < end; y += 16, p += 16, to += 4 * lanes<T>()) {
            let best = v128.load(p), where = at, begin = at
            for (let r = firstRow, line = p; r < endRow; r += dh, line += below) {
              let here = begin
              for (let l = firstColumn, e = line; l < endColumn; l += dw, e += beside) {
                const v = v128.load(e), more = exceeds<T>(v, best)
                best = v128.bitselect(v, best, more)
                where = v128.bitselect(here, where, more)
                here = v128.add<i32>(here, right)
              }
              begin = v128.add<i32>(begin, down)
            }
            storeBest<T>(best, where, y, to)
            at = v128.add<i32>(at, next)
          }
        y = end
        index += <usize>channels * 4
      }
    }
}
