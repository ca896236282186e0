import fc from 'fast-check'
import * as io from 'io-ts'
import { decodeIdx, fromNdarray, type Issue, showIssues, toArray } from 'pullback'
import tap from 'tap'
import * as E from '#fp/Either'
import { decode } from '../../lib/codec/issue.ts'
import { check } from '../support/property.ts'

const kinds = [
  [8, Uint8Array, 'setUint8'],
  [9, Int8Array, 'setInt8'],
  [11, Int16Array, 'setInt16'],
  [12, Int32Array, 'setInt32'],
  [13, Float32Array, 'setFloat32'],
  [14, Float64Array, 'setFloat64'],
] as const

/** The result of a decoder as text, issues with the given code at the end of each line. */
const shown =
  <A>(f: (u: unknown) => E.Either<readonly Issue[], A>, code = 'damaged-file') =>
  (u: unknown): string =>
    E.match(
      (issues: readonly Issue[]) => showIssues(issues).replaceAll(` [${code}]`, ''),
      () => 'right',
    )(f(u))

/** A file as the format says: written here, to be read there. */
const file = (
  [code, Type, set]: (typeof kinds)[number],
  shape: readonly number[],
  values: readonly number[],
): Uint8Array => {
  const start = 4 + 4 * shape.length
  const bytes = new Uint8Array(start + values.length * Type.BYTES_PER_ELEMENT)
  const view = new DataView(bytes.buffer)
  bytes.set([0, 0, code, shape.length])
  for (const [i, n] of shape.entries()) view.setUint32(4 + 4 * i, n)
  for (const [i, v] of values.entries())
    (view[set] as (at: number, v: number) => void).call(view, start + i * Type.BYTES_PER_ELEMENT, v)
  return bytes
}

tap.test('reads what the format says', async () => {
  const anyFile = fc
    .tuple(fc.constantFrom(...kinds), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }))
    .chain(([kind, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1)
      return fc.tuple(
        fc.constant(kind),
        fc.constant(shape),
        fc.array(fc.integer({ min: 0, max: 127 }), { minLength: size, maxLength: size }),
      )
    })
  check(anyFile, ([kind, shape, values]) => {
    const result = decodeIdx(file(kind, shape, values))
    return (
      E.isRight(result) &&
      result.right.shape.join() === shape.join() &&
      toArray(fromNdarray(result.right, 'float64')).join() === values.join()
    )
  })
})

tap.test('signed and fractional entries', async (t) => {
  const read = (bytes: Uint8Array) =>
    toArray(
      fromNdarray(
        E.getOrElseW(() => {
          throw new Error('not read')
        })(decodeIdx(bytes)),
        'float64',
      ),
    )
  t.same(read(file(kinds[2], [2], [-300, 300])), [-300, 300])
  t.same(read(file(kinds[5], [1], [0.1])), [0.1])
  const within = new Uint8Array(20)
  within.set(file(kinds[0], [2], [7, 9]), 5)
  t.same(read(within.subarray(5, 15)), [7, 9], 'from a part of a larger buffer')
})

tap.test('says what is wrong', async (t) => {
  const good = file(kinds[0], [2, 2], [1, 2, 3, 4])
  const why = shown(decodeIdx)
  t.equal(why(good), 'right')
  t.equal(why(good.subarray(0, 15)), 'expected 16 bytes for [2, 2], got 15')
  t.equal(why(Uint8Array.of(...good, 0)), 'expected 16 bytes for [2, 2], got 17')
  t.equal(why(good.subarray(0, 6)), 'expected 2 sizes in a header of 12 bytes, got 6 bytes')
  t.equal(why(Uint8Array.of(0x1f, 0x8b, 8, 0)), 'expected an IDX file, got a gzip archive: unpack it first')
  t.equal(
    why(Uint8Array.of(1, 2, 3, 4)),
    'expected an IDX file (0, 0, type, rank), got one that begins with 1, 2, 3, 4',
  )
  t.equal(
    why(Uint8Array.of(0, 0, 10, 1)),
    'expected an IDX file (0, 0, type, rank), got one that begins with 0, 0, 10, 1',
  )
  t.equal(
    why(Uint8Array.of(0, 0, 8, 0)),
    'expected an IDX file (0, 0, type, rank), got one that begins with 0, 0, 8, 0',
  )
  t.equal(why(new Uint8Array(0)), 'expected an IDX file (0, 0, type, rank), got one that begins with nothing')
  t.equal(why('text'), "expected the bytes of an IDX file, got 'text'")
})

tap.test('issues of any codec, with their paths', async (t) => {
  const run = shown(decode(io.type({ epochs: io.number, layers: io.array(io.type({ units: io.Int })) })), 'bad-value')
  t.equal(
    run({ epochs: 'three', layers: [{ units: 1 }, { units: 0.5 }] }),
    "epochs: expected number, got 'three'\nlayers.1.units: expected Int, got 0.5",
  )
  t.equal(run(new Float32Array(2)).split('\n')[0], 'epochs: expected number, got undefined')
  t.match(run({ epochs: 1, layers: 'x'.repeat(100) }), /layers: expected .*, got 'x{57}…'/)
})

tap.test('what no text stands for is said too', async (t) => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  const failing = {
    toJSON: () => {
      throw new Error('not this way')
    },
  }
  for (const [given, said] of [
    [cyclic, 'the names self'],
    [failing, 'the names toJSON'],
    [10n, '10n'],
    [{ n: 10n }, '{"n":"10n"}'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [Object.create(null), '{}'],
    [undefined, 'undefined'],
  ] as const) {
    t.equal(shown(decodeIdx)(given), `expected the bytes of an IDX file, got ${said}`)
    t.equal(shown(decode(io.type({ n: io.number })), 'bad-value')({ n: given }), `n: expected number, got ${said}`)
  }
  const { buffer } = file(kinds[0], [1], [1])
  t.match(shown(decodeIdx)(buffer), /got an ArrayBuffer: give new Uint8Array\(…\) of it/)
})

tap.test('any bytes are read, or refused with a reason, at once', async (t) => {
  const sizes = fc.constantFrom([255, 255, 255, 255], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2], [128, 0, 0, 0])
  const header = fc
    .tuple(fc.constantFrom(8, 9, 11, 12, 13, 14), fc.array(sizes, { maxLength: 5 }), fc.uint8Array({ maxLength: 20 }))
    .map(([type, found, rest]) => Uint8Array.of(0, 0, type, found.length, ...found.flat(), ...rest))
  check(fc.oneof(header, fc.uint8Array({ maxLength: 40 })), (bytes) => {
    const result = decodeIdx(bytes)
    return E.isLeft(result) || fromNdarray(result.right).size === result.right.size
  })
  const deep = new Uint8Array(4 + 4 * 255).fill(0)
  deep.set([0, 0, 8, 255])
  t.equal(shown(decodeIdx)(deep), 'expected an IDX file of at most 32 axes, got one of 255')
})
