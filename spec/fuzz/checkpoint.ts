// Changed checkpoints and models, sealed again by a right checksum: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/checkpoint.ts
import '../support/fuzz/memory.ts'

import {
  adam,
  compose,
  fromBytes,
  init,
  key,
  linear,
  modelFromBytes,
  modelToBytes,
  named,
  start,
  toBytes,
} from 'pullback'
import t from 'tap'
import { crc32 } from '../../lib/codec/crc32.ts'
import type { Source } from '../arbitrary/numbers.ts'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { bytesChanged, coded, jsonTextChanged, textChanged } from '../support/fuzz/mutate.ts'

const place = 8 + '{"__metadata__":{"crc32":"'.length

/** The bytes with the checksum that they should have. */
const sealed = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length < place + 8) return bytes
  const made = bytes.slice()
  made.fill(0x30, place, place + 8)
  made.set(new TextEncoder().encode(crc32(made).toString(16).padStart(8, '0')), place)
  return made
}

type Header = { readonly __metadata__?: { readonly state?: string } }

/** The state within the header changed, which is JSON in JSON; or the header; or any bytes. */
const change = (next: Source, bytes: Uint8Array): Uint8Array => {
  const length = bytes.length < 8 ? Infinity : Number(new DataView(bytes.buffer).getBigUint64(0, true))
  if (length > bytes.length - 8 || next() < 0.1) return sealed(bytesChanged(next, bytes))
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length))
  const inHeader = (changed: string): Uint8Array => {
    const head = new TextEncoder().encode(changed)
    return sealed(Uint8Array.from([...coded(head.length, 8), ...head, ...bytes.subarray(8 + length)]))
  }
  try {
    const header = JSON.parse(text) as Header
    const state = header.__metadata__?.state
    if (typeof state !== 'string' || next() < 0.3) return inHeader(jsonTextChanged(next, text))
    const metadata = { ...header.__metadata__, state: jsonTextChanged(next, state) }
    return inHeader(JSON.stringify({ ...header, __metadata__: metadata }))
  } catch {
    return inHeader(textChanged(next, text))
  }
}

const net = compose(named('L1', linear(2, 2)), named('L2', linear(2, 1)))
const run = start(net, adam(), key(0))
const [readRun, readModel] = [fromBytes({ run, more: [1, 'x', null, undefined, -0] }), modelFromBytes(net)]

t.test('changed checkpoints and models', (t) =>
  fuzz(
    t,
    {
      seeds: [
        toBytes({ run, more: [1, '#x', null, undefined, -0] }),
        modelToBytes(init(net, key(1)), { labels: ['a', 'b'], at: { least: 1 } }),
      ],
      change,
      bytesOf: ({ length }) => length,
      read: (bytes) => {
        const found = outcome(readRun(bytes))
        return found === 'right' ? found : outcome(readModel(bytes))
      },
      memory: [50, 8192],
      // io-ts copies the path to each value, so a value takes as much as it lies deep.
      work: [500, 8000],
      show: base64,
    },
    400,
  ),
)
