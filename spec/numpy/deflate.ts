// Deflate and inflate against zlib, in both directions and with all its ways; and streams that are wrong.
import zlib from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { deflate } from '../../lib/numpy/deflate/deflate.ts'
import { type Fault, inflate } from '../../lib/numpy/deflate/inflate.ts'
import { sizesOf } from '../../lib/numpy/deflate/lengths.ts'
import { check } from '../support/property.ts'

const outcome = (bytes: Uint8Array, size: number): string => {
  const found = inflate(bytes, size)
  return ArrayBuffer.isView(found) ? 'right' : found.reason
}
const same = (a: Uint8Array | Fault, b: Uint8Array): boolean => ArrayBuffer.isView(a) && Buffer.compare(a, b) === 0

/** Bytes of many kinds: of any values, of few values, of floats near each other, repeated. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.array(fc.constantFrom(0, 0, 0, 1, 7), { maxLength: 3000 }).map((xs) => Uint8Array.from(xs)),
  fc
    .array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 500 })
    .map((xs) => new Uint8Array(Float32Array.from(xs).buffer)),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat({ max: 40 })).map(([xs, n]) => {
    const made = new Uint8Array(xs.length * n)
    for (let i = 0; i < n; i++) made.set(xs, i * xs.length)
    return made
  }),
)
const { Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED, Z_DEFAULT_STRATEGY } = zlib.constants

t.test('what zlib deflates is inflated', async (t) => {
  const ways = fc.record({
    level: fc.integer({ min: 0, max: 9 }),
    strategy: fc.constantFrom(Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED),
    memLevel: fc.integer({ min: 1, max: 9 }),
  })
  check(fc.tuple(bytes, ways), ([xs, way]) => same(inflate(zlib.deflateRawSync(xs, way), xs.length), xs), 500)
  t.pass()
})

t.test('zlib inflates what is deflated, and it is short', async (t) => {
  check(
    bytes,
    (xs) => {
      const made = deflate(xs)
      return same(zlib.inflateRawSync(made), xs) && same(inflate(made, xs.length), xs) && made.length <= xs.length + 8
    },
    300,
  )
  const noise = new Uint8Array(200_000)
  for (let i = 0, x = 1; i < noise.length; i++) {
    x = (x * 48271) % 2147483647
    noise[i] = x & 255
  }
  const text = new TextEncoder().encode(Array.from({ length: 40_000 }, (_, i) => `${i * i}, `).join(''))
  const far = new Uint8Array(140_000)
  far.set(noise.subarray(0, 300))
  far.set(noise.subarray(0, 300), 300 + 32768 - 300)
  for (const [what, xs] of Object.entries({ noise, text, far, zeros: new Uint8Array(300_000) })) {
    const made = deflate(xs)
    t.ok(same(zlib.inflateRawSync(made), xs), what)
    t.ok(same(inflate(made, xs.length), xs), what)
    t.ok(made.length < 1.15 * zlib.deflateRawSync(xs).length + 200, `${what}: ${made.length}`)
  }
  t.ok(deflate(noise).length <= noise.length + 5 * Math.ceil(noise.length / 65535))
})

t.test('words are no longer than allowed', async (t) => {
  const fibonacci = [1, 1]
  while (fibonacci.length < 30) fibonacci.push((fibonacci.at(-1) as number) + (fibonacci.at(-2) as number))
  for (const most of [7, 15]) {
    const sizes = sizesOf(fibonacci, most)
    t.equal(Math.max(...sizes), most)
    t.equal(
      sizes.reduce((sum, size) => sum + 2 ** -size, 0),
      1,
      'the code is complete',
    )
  }
  t.same(sizesOf([0, 5, 0], 15), [0, 1, 0])
  t.same(sizesOf([0, 0], 15), [0, 0])
})

t.test('streams that are wrong', async (t) => {
  const xs = Uint8Array.from({ length: 1000 }, (_, i) => i % 7)
  const good = zlib.deflateRawSync(xs)
  t.equal(outcome(good, 1000), 'right')
  t.equal(outcome(good, 999), 'WrongSize', 'more bytes than announced')
  t.equal(outcome(good, 1001), 'WrongSize', 'fewer bytes than announced')
  t.equal(outcome(Uint8Array.of(...good, 0), 1000), 'TrailingBytes')
  for (let cut = 0; cut < good.length; cut++) t.equal(outcome(good.subarray(0, cut), 1000), 'Truncated')
  for (const [what, wrong] of Object.entries({
    'a block of kind 3': [7],
    'stored lengths that differ': [1, 1, 0, 0, 0],
    'too many words for bytes': [0xfd, 0xff, 0xff, 0xff],
    'a distance before the beginning': [3, 2, 0],
  }))
    t.equal(outcome(Uint8Array.from(wrong), 1000), 'BadData', what)
  const bomb = zlib.deflateRawSync(new Uint8Array(2 ** 24))
  t.equal(outcome(bomb, 100), 'WrongSize', 'a bomb stops where the announced size ends')
  for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY]) {
    const any = zlib.deflateRawSync(xs, { strategy })
    check(
      fc.array(fc.tuple(fc.nat({ max: any.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
      (changes) => {
        const changed = Uint8Array.from(any)
        for (const [at, byte] of changes) changed[at] = byte
        const found = inflate(changed, 1000)
        let theirs: Uint8Array | undefined
        try {
          theirs = zlib.inflateRawSync(changed, { maxOutputLength: 100_000 })
        } catch {}
        return ArrayBuffer.isView(found)
          ? theirs !== undefined && same(found, theirs)
          : typeof found.reason === 'string'
      },
      1000,
    )
  }
})
