// Changed arrays of NumPy: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/npy.ts
import '../support/fuzz/memory.ts'

import { eye, fromNested, zeros } from 'pullback'
import { decodeNpy, encodeNpy } from 'pullback/numpy'
import t from 'tap'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { npyChanged, npyFile } from '../support/fuzz/npy.ts'

const kinds = ['<f8', '>f4', '<f2', '>i8', '<u8', '<u4', '>i2', '|i1', '|b1', '<c8', '|O']
const header = (descr: string, isFortran: boolean): string =>
  `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${16 / Number(descr.slice(2))}, 1), }`
const others = kinds.map((descr, i) => npyFile(header(descr, i % 2 === 0), new Uint8Array(16), (i % 3) + 1))

t.test('changed arrays of NumPy', (t) =>
  fuzz(
    t,
    {
      seeds: [encodeNpy(eye(2)), encodeNpy(zeros([0, 3])), encodeNpy(fromNested([1], 'int32')), ...others],
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
