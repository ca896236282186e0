// Changed IDX files: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/idx.ts
import '../support/fuzz/memory.ts'

import { decodeIdx } from 'pullback'
import t from 'tap'
import { mostAxes } from '../../lib/tensor/shape.ts'
import { pick, type Source, whole } from '../arbitrary/numbers.ts'
import { base64, fuzz } from '../support/fuzz/fuzz.ts'
import { bytesChanged, coded, overwritten } from '../support/fuzz/mutate.ts'

const widths: readonly (readonly [code: number, width: number])[] = [
  [8, 1],
  [9, 1],
  [11, 2],
  [12, 4],
  [13, 4],
  [14, 8],
]
const file = (code: number, width: number, shape: readonly number[]): Uint8Array => {
  const sizes = shape.flatMap((n) => [...coded(n, 4, false)])
  return Uint8Array.from([
    0,
    0,
    code,
    shape.length,
    ...sizes,
    ...new Uint8Array(width * shape.reduce((a, b) => a * b, 1)),
  ])
}

/** A size, the code or the number of axes changed, or any bytes. */
const change = (next: Source, bytes: Uint8Array): Uint8Array =>
  next() < 0.5
    ? bytesChanged(next, bytes)
    : overwritten(next, bytes, pick(next, [2, 3, 4 + 4 * whole(next, 0, 2)]), pick(next, [1, 4]))

/** What an error says, without its numbers: issues have no reason. */
const kindOf = (message: string): string =>
  message
    .replace(/\d+/g, 'n')
    .replace(/n(, n)+/g, 'n')
    .slice(0, 40)

// ndarray compiles a class for each number of axes, once, which takes more than any file.
for (let rank = 1; rank <= mostAxes; rank++) decodeIdx(file(8, 1, Array(rank).fill(1)))

t.test('changed IDX files', (t) =>
  fuzz(
    t,
    {
      seeds: widths.flatMap(([code, width]) => [[5], [2, 3], [1, 2, 0]].map((shape) => file(code, width, shape))),
      change,
      bytesOf: ({ length }) => length,
      read: (bytes) => {
        const found = decodeIdx(bytes)
        return found._tag === 'Right' ? 'right' : kindOf(found.left[0].message)
      },
      memory: [8, 16_384],
      work: [10, 1000],
      show: base64,
    },
    2000,
  ),
)
