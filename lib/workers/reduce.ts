import type { Reducible, Reduction } from '../comm/group.ts'

const add = (sum: Reducible, x: Reducible, begin: number, end: number): void => {
  for (let i = begin; i < end; i++) sum[i] = (sum[i] as number) + (x[i] as number)
}
/** Math.max gives NaN if one of the two is NaN, and 0 for −0 and 0. */
const raise = (most: Reducible, x: Reducible, begin: number, end: number): void => {
  for (let i = begin; i < end; i++) most[i] = Math.max(most[i] as number, x[i] as number)
}

/**
 * Reduces the entries of all arrays into the first one, in the order of the arrays: so the bits of the result do not
 * depend on which rank does it, and when.
 */
export const reduce = ([first, ...others]: readonly Reducible[], by: Reduction, begin: number, end: number): void => {
  if (first === undefined) return
  for (const other of others) (by === 'sum' ? add : raise)(first, other, begin, end)
}
