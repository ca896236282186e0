import { normal } from '../random/draw.ts'
import { foldIn, type Key } from '../random/key.ts'
import { indexOf } from '../tensor/shape.ts'
import { toTypedArray } from '../tensor/to.ts'
import type { Shape } from '../type/tensor.ts'

/** A way to move the numbers of a tensor: one entry, or all of them along a direction. */
export interface Move {
  /** The entry's index, or the number of the direction. */
  readonly at: readonly number[]
  /** The size of the numbers that move. */
  readonly scale: number
  /** What a gradient says the slope is. */
  readonly slope: (gradient: Float64Array) => number
  readonly moved: (x: Float64Array, by: number) => Float64Array
}

const entry = (i: number, x: Float64Array, shape: Shape): Move => ({
  at: indexOf(i, shape),
  scale: Math.max(1, Math.abs(x[i] as number)),
  slope: (gradient) => gradient[i] as number,
  moved: (from, by) => from.with(i, (from[i] as number) + by),
})

const direction = (i: number, x: Float64Array, key: Key): Move => {
  const drawn = toTypedArray(normal(foldIn(key, i), [x.length], 'float64'))
  const length = Math.sqrt(drawn.reduce((s, d) => s + d * d, 0))
  const v = drawn.map((d) => d / length)
  return {
    at: [i],
    scale: 1,
    slope: (gradient) => gradient.reduce((s, g, j) => s + g * (v[j] as number), 0),
    moved: (from, by) => from.map((value, j) => value + by * (v[j] as number)),
  }
}

/** Every entry of a tensor, one by one. */
export const entryMoves = (x: Float64Array, shape: Shape): readonly Move[] =>
  Array.from(x, (_, i) => entry(i, x, shape))

/** Random directions of length 1. */
export const directionMoves = (x: Float64Array, count: number, key: Key): readonly Move[] =>
  Array.from({ length: count }, (_, i) => direction(i, x, key))
