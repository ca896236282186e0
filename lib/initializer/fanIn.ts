import { uniform } from '../random/draw.ts'
import type { Initializer } from './initializer.ts'

/** Uniform numbers from ±1/√n, for n the number of inputs of each output: the default of PyTorch. */
export const fanIn = (n: number): Initializer => {
  const bound = n === 0 ? 0 : 1 / Math.sqrt(n)
  return (key, shape, dtype) => uniform(key, shape, { min: -bound, max: bound, dtype })
}
