import fc from 'fast-check'

/** True where laws hold elsewhere already, and a few cases of each suffice: QUICK=1. */
export const isQuick = (): boolean => process.env.QUICK === '1'

/**
 * Checks that something holds for whatever an arbitrary gives. Always the same cases, so that a failure comes back; fast-check
 * prints the smallest failing case, and SEED=… tries others.
 */
export const check = <A>(arbitrary: fc.Arbitrary<A>, holds: (a: A) => boolean | undefined, runs = 100): void =>
  fc.assert(
    fc.property(arbitrary, (a) => holds(a) ?? true),
    { numRuns: isQuick() ? Math.min(runs, 3) : runs, seed: Number(process.env.SEED ?? 1) },
  )
