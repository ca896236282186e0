// Changed models of ONNX: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/onnx.ts
import '../support/fuzz/memory.ts'

import { fromOnnx } from 'pullback/onnx'
import t from 'tap'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { modelChanged, modelSeeds } from '../support/fuzz/onnx.ts'

/** The most numbers that the constants of a model may have: they may be made of few bytes. */
const most = 20_000

t.test('changed models of ONNX', (t) =>
  fuzz(
    t,
    {
      seeds: modelSeeds,
      change: modelChanged,
      bytesOf: ({ length }) => length,
      read: (bytes) => outcome(fromOnnx(bytes, { limits: { numbers: most } })),
      memory: [20, 16 * most],
      work: [20, 2 * most],
      show: base64,
    },
    1500,
  ),
)
