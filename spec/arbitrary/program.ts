// Right programs to check gradients of: every operation, activation, layer and loss, at numbers of all sizes.
import { type CheckOptions, key } from 'pullback'
import { drawing, type Make, type Program, pick, source } from './numbers.ts'
import { chain, pair, product, row, wide } from './operations.ts'
import { layered, lost } from './trained.ts'

const makes: readonly Make[] = [
  chain,
  chain,
  chain,
  row,
  row,
  pair,
  pair,
  product,
  layered,
  layered,
  layered,
  lost,
  lost,
  wide,
]

/** The program of a number, and how to check it. */
export const programOf = (seed: number): readonly [Program, CheckOptions] => {
  const next = source(seed)
  const make = pick(next, makes)
  const program = make(drawing(next))
  const entries = make === wide ? 16 : pick(next, [256, 256, 256, 0])
  return [program, { entries, directions: 3, order: pick(next, [1, 2] as const), key: key(seed) }]
}
