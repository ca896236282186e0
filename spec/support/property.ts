import fc from 'fast-check'

/**
 * Checks that something holds for whatever an arbitrary gives. Always the same cases, so that a failure comes back; fast-check
 * prints the smallest failing case, and SEED=… tries others.
 */
export const check = <A>(arbitrary: fc.Arbitrary<A>, holds: (a: A) => boolean | undefined, runs = 100): void =>
  fc.assert(
    fc.property(arbitrary, (a) => holds(a) ?? true),
    { numRuns: runs, seed: Number(process.env.SEED ?? 1) },
  )
