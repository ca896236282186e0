// Changed JSON with tensors in it: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/json.ts
import '../support/fuzz/memory.ts'

import { eye, fromJSON, fromNested, zeros } from 'pullback'
import t from 'tap'
import { fuzz } from '../support/fuzz/fuzz.ts'
import { jsonTextChanged } from '../support/fuzz/mutate.ts'

const template = { L: { W: eye(2), b: zeros([0, 3]) }, list: [fromNested([1, Number.NaN], 'float64')], n: 1, s: 'x' }
const read = fromJSON(template)

t.test('changed JSON with tensors', (t) =>
  fuzz(
    t,
    {
      seeds: [JSON.stringify(template), JSON.stringify({ ...template, n: 2, s: '' }, null, 1)],
      change: jsonTextChanged,
      bytesOf: ({ length }) => length,
      read: (text) => {
        const found = read(text)
        return found._tag === 'Right' ? 'right' : found.left[0].message.slice(0, 20)
      },
      memory: [50, 4096],
      work: [40, 4000],
      show: (text) => text,
    },
    1000,
  ),
)
