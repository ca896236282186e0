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
  listSafetensors,
  op,
  type Safetensors,
  type Shape,
  type Tensor,
  toBytes,
  toTypedArray,
  zeros,
} from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import { crc32 } from '../../lib/codec/crc32.ts'
import { swapped } from '../../lib/codec/numbers/order.ts'
import { layouts, shapes } from '../arbitrary/tensor.ts'
import { file, malformed, one, pair, W } from '../support/malformed/safetensors.ts'
import { check } from '../support/property.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
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
  fc.constantFrom('W', 'L1.W', '__proto__', 'constructor', 'toString', 'then', '0', '10', '9', '', ' ', '\u0000'),
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
  for (const odd of ['\ud800', 'a\udc00', '\udc00\ud800']) {
    t.throws(() => encodeSafetensors({ [odd]: eye(2) }), {
      message: `encodeSafetensors: expected names in Unicode, got ${JSON.stringify(odd)}, with half of a surrogate pair [bad-name]`,
    })
    t.throws(() => encodeSafetensors({}, { [odd]: '' }), { code: 'bad-name' })
    t.throws(() => encodeSafetensors({}, { text: odd }), { message: /^encodeSafetensors: expected texts in Unicode/ })
    t.throws(() => toBytes({ [odd]: eye(2) }), { message: /^toBytes: expected names in Unicode/ })
  }
  t.equal(reason(encodeSafetensors({ '\ud83d\ude00': eye(2) }, { '\ud83d\ude00': '\ud83d\ude00' })), 'right')
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
  const refused = (dtype: string) => decodeSafetensors(file(one({ dtype, shape: [8] }), 8))
  t.match(refused('f32'), {
    left: {
      message:
        /^safetensors at byte 8 in entry 'W': expected numbers of the dtype F64, F32, F16, .*, F4, .*, BOOL, got "f32"; convert them where the file was written \[unsupported-format\]$/,
    },
  })
  t.match(refused('C64'), {
    left: { message: /got "C64"; save the real and the imaginary parts as two tensors of F32/ },
  })
  for (const [six, eight] of Object.entries({ F6_E2M3: 'F8_E4M3', F6_E3M2: 'F8_E5M2' }))
    t.match(refused(six), {
      left: { message: new RegExp(`got "${six}"; no order of its bits is specified: convert the numbers to ${eight}`) },
    })
  t.match(decodeSafetensors(new TextEncoder().encode('<html><head></head></html>')), {
    left: { actual: 'one of 7510946913960880188', reason: 'HeaderTooLong' }, // exact, from Python's struct.unpack
  })
  t.ok(new FormatError({ format: 'x', reason: 'Hole', expected: 'a', actual: 'b' }) instanceof Error)
})

t.test('names that whole numbers could be keep the order of the file where there is one', async (t) => {
  const order = ['10', 'b', '2', '__proto__', '', '01', 'then', 'a.b', '0']
  const header = order.map((name, i) => `"${name}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`)
  const bytes = file(`{${header.join()}}`, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8))
  const list = listSafetensors(bytes)
  t.same(E.isRight(list) && list.right.tensors.map(({ name }) => name), order)
  const { tensors } = right(bytes)
  t.same(Object.keys(tensors), ['0', '2', '10', 'b', '__proto__', '', '01', 'then', 'a.b'])
  const again = new Map(Object.entries(right(encodeSafetensors(tensors)).tensors))
  for (const [i, name] of order.entries()) t.same([...toTypedArray(again.get(name) as AnyTensor)], [i], `'${name}'`)
})

t.test('unusual but valid files', async (t) => {
  for (const [what, bytes] of [
    ['nothing in it', file('{}')],
    ['texts alone', file('{"__metadata__":{}}')],
    ['spaces behind the header', file(`${W}   `, 8)],
    ['a header of an odd length', file(`${W} `, 8)],
    ['spaces within', file(W.replaceAll(':', ' : '), 8)],
    ['unknown fields of an entry', file(one({ note: {} }), 8)],
    ['unknown fields of other kinds', file(one({ a: 1.5, b: [-1, 'x', true, null], c: { d: '}' } }), 8)],
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
