// The safetensors format: what is written by its specification, round trips of whatever tensors there are, and files that are wrong.
import zlib from 'node:zlib'
import fc from 'fast-check'
import {
  type AnyTensor,
  decodeSafetensors,
  encodeSafetensors,
  eye,
  FormatError,
  fromArray,
  fromNested,
  grad,
  op,
  type Safetensors,
  type Shape,
  type Tensor,
  toTypedArray,
  zeros,
} from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import { crc32 } from '../../lib/codec/crc32.ts'
import { swapped } from '../../lib/codec/numbers/order.ts'
import { layouts, shapes } from '../arbitrary/tensor.ts'
import { check } from '../support/property.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
/** A file of a header and of some bytes behind it, as the specification says. */
const file = (header: string | Uint8Array, data: number | Uint8Array = 0): Uint8Array => {
  const head = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const numbers = typeof data === 'number' ? new Uint8Array(data) : data
  const bytes = new Uint8Array(8 + head.length + numbers.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true)
  bytes.set(head, 8)
  bytes.set(numbers, 8 + head.length)
  return bytes
}
/** The header of one tensor. */
const one = (fields: object, name = 'W'): string =>
  JSON.stringify({ [name]: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } })
const reason = (bytes: Uint8Array): string =>
  E.match(
    (e: FormatError): string => e.reason,
    () => 'right',
  )(decodeSafetensors(bytes))
const right = (bytes: Uint8Array): Safetensors => {
  const found = decodeSafetensors(bytes)
  if (E.isLeft(found)) throw found.left
  return found.right
}

const bitsOf = (x: AnyTensor): readonly number[] => {
  const { buffer, byteOffset, byteLength } = toTypedArray(x)
  return [...new Uint8Array(buffer, byteOffset, byteLength)]
}

const names = fc.oneof(
  fc.constantFrom(
    'W',
    'L1.W',
    '__proto__',
    'constructor',
    'toString',
    'then',
    '0',
    '10',
    '9',
    '',
    ' ',
    '\u0000',
    '\ud800',
  ),
  fc.string({ unit: 'binary' }),
)
const anyTensor: fc.Arbitrary<AnyTensor> = fc
  .tuple(shapes(), fc.constantFrom('float32', 'float64', 'int32'))
  .chain(([shape, dtype]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const numbers =
      dtype === 'int32'
        ? fc.integer()
        : fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, Number.NEGATIVE_INFINITY, 5e-324, 1e-45))
    return fc
      .array(numbers, { minLength: size, maxLength: size })
      .map((xs): AnyTensor => fromArray(xs, shape as Shape, dtype as 'float32'))
  })
const records = fc.dictionary(names, anyTensor, { maxKeys: 6 })
const texts = fc.dictionary(names, fc.string({ unit: 'binary' }), { maxKeys: 4 })

t.test('a file by the specification', async (t) => {
  const bytes = encodeSafetensors(
    { b: fromNested([1, 2]), a: fromNested([[3]], 'float64'), n: fromNested(-1, 'int32') },
    { z: 'last', about: 'ä "quote"' },
  )
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  t.equal(length % 8, 0)
  t.equal(
    text(bytes.subarray(8, 8 + length)).trimEnd(),
    '{"__metadata__":{"about":"ä \\"quote\\"","z":"last"},' +
      '"a":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},' +
      '"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},' +
      '"n":{"dtype":"I32","shape":[],"data_offsets":[16,20]}}',
  )
  const view = new DataView(bytes.buffer, 8 + length)
  t.same(
    [view.getFloat64(0, true), view.getFloat32(8, true), view.getFloat32(12, true), view.getInt32(16, true)],
    [3, 1, 2, -1],
  )
  t.equal(view.byteLength, 20)
})

t.test('round trips', async (t) => {
  check(fc.tuple(records, texts), ([tensors, metadata]) => {
    const bytes = encodeSafetensors(tensors, metadata)
    const found = right(bytes)
    const same =
      JSON.stringify(Object.keys(found.tensors).sort()) === JSON.stringify(Object.keys(tensors).sort()) &&
      Object.entries(found.tensors).every(([name, x]) => {
        const y = Object.entries(tensors).find(([n]) => n === name)?.[1] as AnyTensor
        return x.dtype === y.dtype && `${x.shape}` === `${y.shape}` && `${bitsOf(x)}` === `${bitsOf(y)}`
      }) &&
      JSON.stringify(Object.entries(found.metadata)) === JSON.stringify(Object.entries(metadata).sort(byName))
    const again = encodeSafetensors(reversed(found.tensors), reversed(found.metadata))
    return same && Buffer.compare(again, bytes) === 0
  })
  t.pass()
})
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => {
  const place = (name: string): number =>
    /^(0|[1-9]\d*)$/.test(name) && Number(name) < 2 ** 32 - 1 ? Number(name) : -1
  const [i, j] = [place(a), place(b)]
  if (i >= 0 || j >= 0) return i >= 0 && j >= 0 ? i - j : i >= 0 ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
const reversed = <A>(record: { readonly [name: string]: A }): { readonly [name: string]: A } =>
  Object.fromEntries(Object.entries(record).reverse())

t.test('views are written without the rest of their buffers, and read as separate tensors', async (t) => {
  const x = fromNested([
    [1, 2, 3],
    [4, 5, 6],
  ])
  const expected = encodeSafetensors({ x })
  for (const [name, view] of layouts(x as Tensor)) t.same(encodeSafetensors({ x: view }), expected, name)
  const small = op.slice(zeros([1_000_000]), [[0, 3]])
  t.ok(encodeSafetensors({ small }).length < 200, 'a slice is written without what it was cut from')
  t.same(bitsOf(right(encodeSafetensors({ x: op.broadcast(fromNested([1, 2]), [2, 2]) })).tensors.x as AnyTensor), [
    ...new Uint8Array(Float32Array.of(1, 2, 1, 2).buffer),
  ])
  const bytes = Buffer.from(encodeSafetensors({ x: fromNested([1, 2]) }))
  const read = right(bytes).tensors.x as AnyTensor
  bytes.fill(0)
  t.same([...toTypedArray(read)], [1, 2], 'the bytes of a Buffer may be used again')
})

t.test('values that cannot be written are rejected', async (t) => {
  t.throws(() => encodeSafetensors({ __metadata__: eye(2) }), {
    message: "encodeSafetensors: expected names of tensors, got '__metadata__', which the format reserves for metadata",
  })
  t.throws(() => encodeSafetensors({ W: [1, 2] as never }), { message: /^encodeSafetensors at W: expected a tensor/ })
  t.throws(() => encodeSafetensors({}, { n: 3 as never }), {
    message: 'encodeSafetensors at n: expected strings as metadata, got 3; convert other values with JSON.stringify',
  })
  t.throws(
    () =>
      grad((x: Tensor<readonly []>) => {
        encodeSafetensors({ x })
        return x
      })(fromNested(1)),
    { name: 'TracedError' },
  )
})

const W = one({})
const pair = (a: readonly number[], b: readonly number[]): string =>
  JSON.stringify({
    a: { dtype: 'F32', shape: [((a[1] as number) - (a[0] as number)) / 4], data_offsets: a },
    b: { dtype: 'F32', shape: [((b[1] as number) - (b[0] as number)) / 4], data_offsets: b },
  })
const malformed: Readonly<Record<string, readonly (readonly [what: string, bytes: Uint8Array])[]>> = {
  Truncated: [
    ['no bytes at all', new Uint8Array(0)],
    ['seven bytes', new Uint8Array(7)],
    ['the length alone', file(W).subarray(0, 8)],
    ['a header cut short', file(W, 8).subarray(0, 20)],
    ['no numbers', file(W)],
    ['numbers cut short', file(W, 7)],
    ['the second entry cut short', file(pair([0, 4], [4, 8]), 6)],
  ],
  OtherFormat: [
    ['a zip archive', new TextEncoder().encode('PK\x03\x04 and more')],
    ['a NumPy array', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)],
    ['an HDF5 file', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['a gzip archive', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)],
    ['a GGUF file', new TextEncoder().encode('GGUF\x03\x00\x00\x00')],
    ['no bytes but a text', '{}' as never],
    ['no bytes but an ArrayBuffer', new ArrayBuffer(8) as never],
  ],
  HeaderTooLong: [
    ['2⁶⁴ − 1', new Uint8Array(16).fill(255)],
    ['2⁶³', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 123, 125)],
    ['a byte more than allowed', Uint8Array.of(1, 0xe1, 0xf5, 5, 0, 0, 0, 0, 123, 125)],
    ['a text file', new TextEncoder().encode('{"a": "text"}')],
  ],
  NotUtf8: [
    ['a lone continuation byte', file(Uint8Array.of(0x7b, 0x80, 0x7d))],
    ['an overlong slash', file(Uint8Array.of(0x7b, 0xc0, 0xaf, 0x7d))],
    ['a surrogate', file(Uint8Array.of(0x7b, 0xed, 0xa0, 0x80, 0x7d))],
  ],
  NotJson: [
    ['an empty header', file('')],
    ['a space in front', file(' {}')],
    ['a byte order mark', file('\ufeff{}')],
    ['an array', file('[]')],
    ['null', file('null')],
    ['an open object', file('{')],
    ['a comma too many', file('{"a":1,}')],
    ['two objects', file('{}{}')],
    ['a comment', file('{/* */}')],
    ['NaN', file('{"W":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}', 8)],
    ['a sign in front', file('{"W":{"dtype":"F32","shape":[+2],"data_offsets":[0,8]}}', 8)],
    ['zeros behind the header', file(`${W}\u0000\u0000`, 8)],
    ['brackets a hundred thousand deep', file(`{"W":${'['.repeat(1e5)}`, 8)],
  ],
  TooDeep: [
    ['a shape 128 deep', file(`{"W":{"shape":${'['.repeat(127)}${']'.repeat(127)}}}`)],
    ['a note a hundred thousand deep', file(`{"W":{"note":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`)],
    ['texts a hundred thousand deep', file(`{"__metadata__":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`)],
  ],
  DuplicateName: [
    ['two entries of a name', file(`{${W.slice(1, -1)},${W.slice(1, -1)}}`, 8)],
    ['the same name, spelled otherwise', file(`{${W.slice(1, -1)},"\\u0057":{"dtype":"F32"}}`, 8)],
    ['two shapes of an entry', file('{"W":{"dtype":"F32","shape":[9],"shape":[2],"data_offsets":[0,8]}}', 8)],
    ['two texts of a name', file('{"__metadata__":{"a":"","a":""}}')],
    ['two records of texts', file('{"__metadata__":{},"__metadata__":{}}')],
  ],
  BadMetadata: [
    ['a number', file('{"__metadata__":1}')],
    ['null', file('{"__metadata__":null}')],
    ['a list', file('{"__metadata__":[]}')],
    ['a number as a text', file('{"__metadata__":{"a":1}}')],
    ['a record as a text', file('{"__metadata__":{"a":{}}}')],
  ],
  BadEntry: [
    ['a number', file('{"W":1}')],
    ['null', file('{"W":null}')],
    ['a list', file('{"W":[]}')],
    ['no dtype', file(one({ dtype: undefined }), 8)],
    ['a dtype that is no text', file(one({ dtype: ['F32'] }), 8)],
  ],
  UnsupportedNumbers: [
    ['complex numbers', file(one({ dtype: 'C64', shape: [1] }), 8)],
    ['four bits', file(one({ dtype: 'F4', shape: [16] }), 8)],
    ['six bits', file(one({ dtype: 'F6_E2M3', shape: [4], data_offsets: [0, 3] }), 3)],
    ['a name that every object has', file(one({ dtype: 'constructor' }), 8)],
    ['another name that every object has', file(one({ dtype: '__proto__' }), 8)],
    ['lower case', file(one({ dtype: 'f32' }), 8)],
  ],
  BadShape: [
    ['too many axes', file(one({ shape: new Array(33).fill(1), data_offsets: [0, 4] }), 4)],
    ['none', file(one({ shape: undefined }), 8)],
    ['a number', file(one({ shape: 2 }), 8)],
    ['a negative size', file(one({ shape: [-2] }), 8)],
    ['two negative sizes', file(one({ shape: [-1, -2] }), 8)],
    ['a fraction', file(one({ shape: [0.5, 4] }), 8)],
    ['a text', file(one({ shape: ['2'] }), 8)],
    ['a size beyond whole numbers', file(one({ shape: [2 ** 53] }), 8)],
    ['an infinite size', file('{"W":{"dtype":"F32","shape":[1e400],"data_offsets":[0,8]}}', 8)],
    ['a product that overflows 64 bits', file(one({ shape: [2 ** 32, 2 ** 32, 2 ** 2] }), 8)],
    ['a product of bytes that is not exact', file(one({ shape: [2 ** 52] }), 8)],
  ],
  BadOffsets: [
    ['none', file(one({ data_offsets: undefined }), 8)],
    ['one', file(one({ data_offsets: [8] }), 8)],
    ['three', file(one({ data_offsets: [0, 8, 8] }), 8)],
    ['the end before the beginning', file(one({ data_offsets: [8, 0] }), 8)],
    ['a negative one', file(one({ data_offsets: [-8, 0] }), 8)],
    ['a fraction', file(one({ data_offsets: [0, 8.5] }), 8)],
    ['texts', file(one({ data_offsets: ['0', '8'] }), 8)],
  ],
  WrongSize: [
    ['too few bytes', file(one({ shape: [3] }), 8)],
    ['too many bytes', file(one({ shape: [1] }), 8)],
    ['bytes for no numbers', file(one({ shape: [0] }), 8)],
    ['bytes for no numbers among huge sizes', file(one({ shape: [2 ** 40, 2 ** 40, 0] }), 8)],
    ['a scalar', file(one({ shape: [] }), 8)],
    ['double precision', file(one({ dtype: 'F64' }), 8)],
    ['more than the file could ever hold', file(one({ shape: [2 ** 40] }), 8)],
  ],
  Overlap: [
    ['two entries at one place', file(pair([0, 8], [0, 8]), 8)],
    ['one that begins within another', file(pair([0, 8], [4, 12]), 12)],
    ['an empty one within another', file(pair([0, 8], [4, 4]), 8)],
  ],
  Hole: [
    ['at the beginning', file(one({ data_offsets: [4, 12] }), 12)],
    ['in between', file(pair([0, 4], [8, 12]), 12)],
    ['far behind the end', file(one({ data_offsets: [1e12, 1e12 + 8] }), 8)],
  ],
  TrailingBytes: [
    ['one behind the numbers', file(W, 9)],
    ['an archive behind the numbers', file(W, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x4b, 3, 4))],
    ['numbers that nobody declares', file('{}', 4)],
  ],
}

t.test('wrong files, by kind', async (t) => {
  const all = Object.entries(malformed)
  t.ok(all.reduce((n, [, files]) => n + files.length, 0) >= 80)
  for (const [expected, files] of all)
    for (const [what, bytes] of files) t.equal(reason(bytes), expected, `${expected}: ${what}`)
})

t.test('an error says what is wrong, where, and what to do', async (t) => {
  t.match(decodeSafetensors(file(pair([0, 4], [8, 12]), 12)), {
    left: {
      _tag: 'FormatError',
      format: 'safetensors',
      reason: 'Hole',
      entry: 'b',
      byte: 8 + pair([0, 4], [8, 12]).length + 8,
      message: /^safetensors at byte \d+ in entry 'b': expected numbers from byte 4 on, got from 8 \[damaged-file\]$/,
    },
  })
  t.match(decodeSafetensors(file(one({ dtype: 'F4' }))), {
    left: {
      message:
        /^safetensors at byte 8 in entry 'W': expected numbers of the dtype F64, F32, F16, .*, BOOL, got "F4"; convert them where the file was written \[unsupported-format\]$/,
    },
  })
  t.ok(new FormatError({ format: 'x', reason: 'Hole', expected: 'a', actual: 'b' }) instanceof Error)
})

t.test('unusual but valid files', async (t) => {
  for (const [what, bytes] of [
    ['nothing in it', file('{}')],
    ['texts alone', file('{"__metadata__":{}}')],
    ['spaces behind the header', file(`${W}   `, 8)],
    ['a header of an odd length', file(`${W} `, 8)],
    ['spaces within', file(W.replaceAll(':', ' : '), 8)],
    ['unknown fields of an entry', file(one({ note: {} }), 8)],
    ['no numbers, sizes however large', file(one({ shape: [2 ** 40, 2 ** 40, 0], data_offsets: [0, 0] }))],
    ['a text of megabytes', file(JSON.stringify({ __metadata__: { a: 'x'.repeat(2e7), b: '\\"'.repeat(1e6) } }))],
    ['brackets and names within texts', file('{"__metadata__":{"a":"{\\"a\\":[","b":"\\\\"}}')],
    ['names that look like structure', file(one({}, '{"},":"'), 8)],
    ['a view of a larger buffer', new Uint8Array([0, 0, 0, ...file(W, 8)]).subarray(3)],
  ] as const)
    t.equal(reason(bytes), 'right', what)
})

t.test('any change to a file leaves it readable or gives an error', async (t) => {
  const good = encodeSafetensors({ 'L1.W': eye(3), n: fromNested([1, 2], 'int32') }, { about: 'text' })
  const change = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }))
  check(
    fc.tuple(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat({ max: good.length })),
    ([changes, cut]) => {
      const bytes = good.slice(0, cut % 3 === 0 ? cut : undefined)
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
      return typeof reason(bytes) === 'string'
    },
    2000,
  )
  t.pass()
})

t.test('the checksum is zlib’s', async (t) => {
  t.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926)
  check(fc.tuple(fc.uint8Array({ maxLength: 100 }), fc.nat({ max: 100 })), ([bytes, at]) => {
    const chained = crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))
    return chained === crc32(bytes) && (zlib.crc32?.(bytes) ?? chained) === chained
  })
})

t.test('the order of bytes of other machines', async (t) => {
  t.same([...swapped(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4)], [4, 3, 2, 1, 8, 7, 6, 5])
  t.same([...swapped(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 8)], [8, 7, 6, 5, 4, 3, 2, 1])
})
