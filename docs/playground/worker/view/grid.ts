// The middles of the cells of a square grid over the plane, rows from the top.
import { fromArray } from 'pullback'
import type { Input } from '../data/dataset.ts'

export const grid = (size: number, extent: number): Input => {
  const at = (i: number): number => extent * ((2 * (i + 0.5)) / size - 1)
  const places = Array.from({ length: size * size }, (_, i) => [at(i % size), -at(Math.floor(i / size))])
  return fromArray(places.flat(), [size * size, 2]) as Input
}
