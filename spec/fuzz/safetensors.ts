// Changed safetensors files: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/safetensors.ts
import '../support/fuzz/memory.ts'

import { decodeSafetensors, encodeSafetensors, eye, fromNested, zeros } from 'pullback'
import t from 'tap'
import type { Source } from '../arbitrary/numbers.ts'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { bytesChanged, coded, jsonTextChanged } from '../support/fuzz/mutate.ts'

/** A file of a header, with its length, and of numbers. */
const file = (header: string, numbers: Uint8Array): Uint8Array => {
  const head = new TextEncoder().encode(header)
  return Uint8Array.from([...coded(head.length, 8), ...head, ...numbers])
}

/** The header or the numbers changed in a sound frame, or any bytes. */
const change = (next: Source, bytes: Uint8Array): Uint8Array => {
  const length = bytes.length < 8 ? Infinity : Number(new DataView(bytes.buffer).getBigUint64(0, true))
  if (length > bytes.length - 8 || next() < 0.2) return bytesChanged(next, bytes)
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length))
  const numbers = bytes.subarray(8 + length)
  return next() < 0.8 ? file(jsonTextChanged(next, header), numbers) : file(header, bytesChanged(next, numbers))
}

const header = (dtype: string, width: number): string =>
  JSON.stringify({ W: { dtype, shape: [16 / width], data_offsets: [0, 16] } })
const ours = encodeSafetensors({ W: eye(2), b: zeros([0, 3]), n: fromNested([1], 'int32') }, { about: 'ä' })
const others = Object.entries({ F64: 8, F16: 2, BF16: 2, F8_E4M3: 1, I64: 8, U64: 8, U16: 2, I8: 1, BOOL: 1 })

t.test('changed safetensors files', (t) =>
  fuzz(
    t,
    {
      seeds: [ours, ...others.map(([dtype, width]) => file(header(dtype, width), new Uint8Array(16)))],
      change,
      bytesOf: ({ length }) => length,
      read: (bytes) => outcome(decodeSafetensors(bytes)),
      memory: [8, 2048],
      work: [10, 1500],
      show: base64,
    },
    1500,
  ),
)
