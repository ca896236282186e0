// Packs lines of a matrix, rows of A or columns of B, as panels: entry by entry of all lines, in the order of the
// tiles.
import { lanes } from '../math/lanes'
import { MR, NV } from './tile'

/** Transposes a square of as many lines as a vector has lanes. */
@inline
export function transposed<T>(from: usize, line: usize, to: usize, step: usize): void {
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
 * A panel of `width` lines, entry by entry of all lines. Where there are fewer lines, it holds anything in the place of
 * the others, which end in parts of a tile that nobody keeps. `line` and `along` are the bytes from line to line and
 * along a line.
 */
@inline
function pack<T>(width: i32, from: usize, line: usize, along: usize, lines: i32, depth: i32, to: usize): void {
  const step = <usize>width * sizeof<T>()
  let k = 0
  if (line == sizeof<T>()) {
    for (; k < depth; k++) {
      v128.store(to, v128.load(from))
      if (step > 16) v128.store(to, v128.load(from, 16), 16)
      from += along
      to += step
    }
  } else if (lines == width && along == sizeof<T>()) {
    for (; k + lanes<T>() <= depth; k += lanes<T>()) {
      for (let i = 0; i < width; i += lanes<T>())
        transposed<T>(from + <usize>i * line, line, to + <usize>i * sizeof<T>(), step)
      from += 16
      to += step * lanes<T>()
    }
  }
  for (; k < depth; k++) {
    for (let i = 0; i < lines; i++) store<T>(to + <usize>i * sizeof<T>(), load<T>(from + <usize>i * line))
    from += along
    to += step
  }
}

export function packRows<T>(from: usize, line: usize, along: usize, lines: i32, depth: i32, to: usize): void {
  pack<T>(MR, from, line, along, lines, depth, to)
}
export function packColumns<T>(from: usize, line: usize, along: usize, lines: i32, depth: i32, to: usize): void {
  pack<T>(NV * lanes<T>(), from, line, along, lines, depth, to)
}
