// Changed models of TensorFlow.js: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/tfjs.ts
import '../support/fuzz/memory.ts'

import { fromTfjs } from 'pullback/interop'
import t from 'tap'
import type { Source } from '../arbitrary/numbers.ts'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { bytesChanged, jsonTextChanged } from '../support/fuzz/mutate.ts'
import { interopFile } from '../support/interop.ts'
import { dense, floats, sequential } from '../support/tfjs.ts'

interface Model {
  readonly json: string
  readonly bytes: Uint8Array
}
const saved = (name: string): Model => ({
  json: new TextDecoder().decode(interopFile(`tfjs/${name}.json`)),
  bytes: interopFile(`tfjs/${name}.bin`),
})

/** The description changed, and now and then the weights. */
const change = (next: Source, { json, bytes }: Model): Model =>
  next() < 0.1 ? { json, bytes: bytesChanged(next, bytes) } : { json: jsonTextChanged(next, json), bytes }

t.test('changed models of TensorFlow.js', (t) =>
  fuzz(
    t,
    {
      seeds: [
        { json: sequential([dense('d', 2, 1)]), bytes: floats(1, 2, 3) },
        saved('images'),
        saved('sequences'),
        saved('mobile'),
        saved('steps'),
        saved('tokens'),
        saved('recurrent'),
        saved('enlarged'),
        saved('merged'),
      ],
      change,
      bytesOf: ({ json, bytes }) => json.length + bytes.length,
      read: ({ json, bytes }) => outcome(fromTfjs(json, bytes)),
      memory: [40, 16_384],
      work: [40, 16_384],
      show: ({ json, bytes }) => JSON.stringify({ json, bytes: base64(bytes) }),
    },
    500,
  ),
)
