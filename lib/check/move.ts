import { normal } from '../random/draw.ts'
import { foldIn, type Key } from '../random/key.ts'
import { indexOf } from '../tensor/shape.ts'
import { toTypedArray } from '../tensor/to.ts'
import type { Shape } from '../type/tensor.ts'

/** A move of a tensor's numbers: of one entry, or of all along a direction. */
export interface Move {
  /** The index of the entry, or the number of the direction. */
  readonly at: readonly number[]
  /** The size of the numbers that move, at least 1. */
  readonly scale: number
  /** The size of the smallest number that moves and is not 0, as far as steps that short are useful. */
  readonly least: number
  /** The slope along the move according to a gradient. */
  readonly slope: (gradient: Float64Array) => number
  /** The change of the i-th number in a step of 1. */
  readonly along: (i: number) => number
  readonly moved: (x: Float64Array, by: number) => Float64Array
}

/** Smaller numbers are treated as 0. */
const smallest = 2 ** -60

const leastOf = (numbers: Iterable<number>): number => {
  let least = 1
  for (const x of numbers) if (x !== 0) least = Math.min(least, Math.abs(x))
  return 2 ** -10 * Math.max(least, smallest)
}

const entry = (i: number, x: Float64Array, shape: Shape): Move => ({
  at: indexOf(i, shape),
  scale: Math.max(1, Math.abs(x[i] as number)),
  least: leastOf([x[i] as number]),
  slope: (gradient) => gradient[i] as number,
  along: (j) => (i === j ? 1 : 0),
  moved: (from, by) => from.with(i, (from[i] as number) + by),
})

const direction = (i: number, x: Float64Array, key: Key): Move => {
  const drawn = toTypedArray(normal(foldIn(key, i), [x.length], 'float64'))
  const length = Math.sqrt(drawn.reduce((s, d) => s + d * d, 0))
  const v = drawn.map((d) => d / length)
  return {
    at: [i],
    scale: 1,
    least: leastOf(x),
    slope: (gradient) => gradient.reduce((s, g, j) => s + g * (v[j] as number), 0),
    along: (j) => v[j] as number,
    moved: (from, by) => from.map((value, j) => value + by * (v[j] as number)),
  }
}

/** Moves of every entry of a tensor, one by one. */
export const entryMoves = (x: Float64Array, shape: Shape): readonly Move[] =>
  Array.from(x, (_, i) => entry(i, x, shape))

/** Moves along random directions of length 1. */
export const directionMoves = (x: Float64Array, count: number, key: Key): readonly Move[] =>
  Array.from({ length: count }, (_, i) => direction(i, x, key))
