// What the campaigns of this folder must find: readers with the faults that readers of files have.
import '../support/fuzz/memory.ts'

import { zeros } from 'pullback'
import t from 'tap'
import { sameShape } from '../../lib/tensor/shape.ts'
import { campaign, type Finding, type Target } from '../support/fuzz/campaign.ts'
import { base64 } from '../support/fuzz/fuzz.ts'
import { bytesChanged, coded } from '../support/fuzz/mutate.ts'

/** A count in the first four bytes, and as many bytes. */
const seed = Uint8Array.from([...coded(3, 4), 7, 8, 9])
const countIn = (bytes: Uint8Array): number => (bytes.length < 4 ? 0 : new DataView(bytes.buffer).getUint32(0, true))

const found = (read: (bytes: Uint8Array) => string): readonly Finding[] => {
  const target: Target<Uint8Array> = {
    seeds: [seed],
    change: bytesChanged,
    bytesOf: ({ length }) => length,
    read,
    memory: [8, 2048],
    work: [10, 1000],
    show: base64,
  }
  return campaign(target, 1000).findings
}

t.test('a sound reader has no finding', async (t) => {
  t.same(
    found((bytes) => (bytes.length - 4 === countIn(bytes) ? 'right' : 'wrong')),
    [],
  )
})

t.test('an error that is not the declared one', async (t) => {
  const [first] = found((bytes) => String(new DataView(bytes.buffer).getUint32(0, true)))
  t.match(first?.what, /^threw RangeError/)
})

t.test('memory for a count before it is compared with the bytes', async (t) => {
  const [first] = found((bytes) => String(zeros([Math.min(countIn(bytes), 2 ** 20)]).size))
  t.match(first?.what, /^made arrays of \d+ bytes, at most \d+/)
  t.equal(Buffer.from(first?.input ?? '', 'base64').length < 300, true, 'with the bytes that lead to it')
})

t.test('work for a count before it is compared with the bytes', async (t) => {
  const [first] = found((bytes) => {
    for (let i = Math.min(countIn(bytes), 2 ** 17); i > 0; i--) sameShape([1], [1])
    return 'right'
  })
  t.match(first?.what, /^ran \d+ blocks, at most \d+/)
})
