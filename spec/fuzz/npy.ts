// Changed arrays of NumPy: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/npy.ts
import '../support/fuzz/memory.ts'

import { decodeNpy } from 'pullback/numpy'
import t from 'tap'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { npyChanged, npySeeds } from '../support/fuzz/npy.ts'

t.test('changed arrays of NumPy', (t) =>
  fuzz(
    t,
    {
      seeds: npySeeds,
      change: npyChanged,
      bytesOf: ({ length }) => length,
      read: (bytes) => outcome(decodeNpy(bytes)),
      memory: [8, 2048],
      work: [20, 2000],
      show: base64,
    },
    2000,
  ),
)
