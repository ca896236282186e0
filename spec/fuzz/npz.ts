// Changed archives of NumPy: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/npz.ts
import '../support/fuzz/memory.ts'

import { decodeNpz } from 'pullback/numpy'
import t from 'tap'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { npzChanged, npzSeeds } from '../support/fuzz/npz.ts'

t.test('changed archives of NumPy', (t) =>
  fuzz(
    t,
    {
      seeds: npzSeeds,
      change: npzChanged,
      bytesOf: ({ length }) => length,
      read: (bytes) => outcome(decodeNpz(bytes)),
      // A byte of deflated ones becomes up to 1,032, and those of half numbers twice as many.
      memory: [1032 * 2, 8192],
      work: [1032, 8192],
      show: base64,
    },
    800,
  ),
)
