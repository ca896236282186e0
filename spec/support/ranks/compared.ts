// What ranks leave, compared with what one process leaves.
import { isDeepStrictEqual } from 'node:util'
import { oneProcess } from 'pullback'
import type { Test } from 'tap'
import { close, exact, type Left, trainings } from './trainings.ts'

export type All = { readonly [name: string]: Left }

const alone = await trainings(oneProcess)

/** The largest difference of two lists; NaN is equal to itself only. */
const distance = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length
    ? a.reduce((most, x, i) => (Object.is(x, b[i]) ? most : Math.max(most, Math.abs(x - (b[i] as number)))), 0)
    : Infinity

/** Compares what ranks leave with what one process leaves. */
export const compared = (t: Test, [first, ...others]: readonly All[]): void => {
  for (const other of others) t.ok(isDeepStrictEqual(other, first), 'all ranks have the same')
  for (const [name, expected] of Object.entries(alone)) {
    const found = first?.[name] as Left
    t.equal(found.step, expected.step, `${name}: the number of steps`)
    t.same(Object.keys(found.history), Object.keys(expected.history))
    for (const [column, values] of Object.entries(expected.history))
      t.ok(distance(values as number[], found.history[column] as number[]) < 1e-12, `${name}: ${column}`)
    const apart = distance(expected.numbers, found.numbers)
    if (Object.hasOwn(exact, name) || others.length === 0) t.equal(apart, 0, `${name}: the bits`)
    else t.ok(apart < 1e-12, `${name}: ${apart}`)
  }
  t.equal(Object.keys(alone).length, Object.keys({ ...close, ...exact }).length)
}
