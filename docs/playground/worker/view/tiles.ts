// Tensors as rows of small pictures.
import { type Tensor, toTypedArray } from 'pullback'
import type { Tiles } from '../../message.ts'

/** The most pictures in a row. */
export const mostTiles = 32

const short = (x: number): string => x.toFixed(Math.abs(x) < 10 ? 2 : 0).replace('-', '−')

/** The shape of a tensor and its range. */
const noteOf = (shape: readonly number[], values: ArrayLike<number>): string => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i] as number)
    high = Math.max(high, values[i] as number)
  }
  return `[${shape.join(', ')}], ${short(low)} … ${short(high)}`
}

/** Pictures whose number x, y of picture k is `at(k, y, x)`. */
export const tilesOf = (
  title: string,
  shape: readonly number[],
  [count, height, width]: readonly [number, number, number],
  at: (k: number, y: number, x: number) => number,
): Tiles => {
  const shown = Math.min(count, mostTiles)
  const area = height * width
  const values = Float32Array.from({ length: shown * area }, (_, i) =>
    at(Math.floor(i / area), Math.floor((i % area) / width), i % width),
  )
  const more = count > shown ? `, the first ${shown} of ${count}` : ''
  return { title, note: `${noteOf(shape, values)}${more}`, width, height, count: shown, values }
}

export const numbersOf = (tensor: Tensor): ArrayLike<number> => toTypedArray(tensor) as ArrayLike<number>
