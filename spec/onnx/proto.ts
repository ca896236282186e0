// Protocol buffers: what is written is read, as the table of fields says; other fields are skipped.
import fc from 'fast-check'
import t from 'tap'
import { fieldsOf, type Message, type MessageName, messages } from '../../lib/onnx/proto/fields.ts'
import { limitsIn } from '../../lib/onnx/proto/limits.ts'
import { byteOf } from '../../lib/onnx/proto/place.ts'
import { readMessage } from '../../lib/onnx/proto/read.ts'
import { writeMessage } from '../../lib/onnx/proto/write.ts'
import { attribute } from '../support/onnx.ts'

const limits = limitsIn('spec')
const readAll = <N extends MessageName>(name: N, ...bytes: number[]): Message<N> =>
  readMessage(name, Uint8Array.from(bytes), limits)
/** The fields of a message without the byte at which it begins. */
const read: typeof readAll = (...given) => Object.fromEntries(Object.entries(readAll(...given))) as never

const plain: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  int64: fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  int32: fc.integer(),
  uint64: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  float: fc.float(),
  double: fc.double(),
  string: fc.string({ unit: 'grapheme' }),
  bytes: fc.uint8Array({ maxLength: 9 }),
}

/** Messages of a name, with messages in them up to some depth. */
const some = (name: string, depth: number): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      ...[...(fieldsOf.get(name)?.values() ?? [])]
        .filter(({ kind, isRefused }) => !isRefused && (depth > 0 || kind in plain))
        .map(({ name: field, kind, isRepeated }) => {
          const one = plain[kind] ?? fc.constant(0).chain(() => some(kind, depth - 1))
          const value = isRepeated ? fc.array(one, { minLength: 1, maxLength: 3 }) : one
          return fc.option(
            value.map((v) => [field, v] as const),
            { nil: undefined, freq: 1 },
          )
        }),
    )
    .map((entries) => Object.fromEntries(entries.filter((entry) => entry !== undefined)))

t.test('what is written is read', async (t) => {
  for (const name of Object.keys(messages) as MessageName[])
    fc.assert(
      fc.property(some(name, 1), (message) => {
        const bytes = writeMessage(name, message as Message<typeof name>)
        const again = readMessage(name, bytes, limits)
        t.strictSame(
          JSON.stringify(again, (_, x) =>
            ArrayBuffer.isView(x) ? [...(x as Uint8Array)] : x === undefined ? null : Object.is(x, -0) ? '-0' : x,
          ),
          JSON.stringify(message, (_, x) =>
            ArrayBuffer.isView(x) ? [...(x as Uint8Array)] : x === undefined ? null : Object.is(x, -0) ? '-0' : x,
          ),
        )
      }),
      { numRuns: 15, seed: 1 },
    )
})

t.test('the bytes of an attribute are those that protobuf writes', async (t) => {
  // python3-onnx: helper.make_attribute('axis', -1).SerializeToString(), and ('pads', [1, 300])
  const axis = [10, 4, 97, 120, 105, 115, 24, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 160, 1, 2]
  t.strictSame([...writeMessage('Attribute', attribute('axis', -1))], axis)
  t.strictSame(read('Attribute', ...axis), { name: 'axis', i: -1, type: 2 })
  t.strictSame(read('Attribute', 10, 4, 112, 97, 100, 115, 64, 1, 64, 172, 2, 160, 1, 7), {
    name: 'pads',
    ints: [1, 300],
    type: 7,
  })
})

t.test('numbers of a list come one by one, in one piece, or both', async (t) => {
  t.strictSame(read('Tensor', 8, 2, 10, 2, 3, 4, 8, 5), { dims: [2, 3, 4, 5] })
  t.strictSame(read('Tensor', 34, 4, 0, 0, 128, 63, 37, 0, 0, 0, 64), { floatData: [1, 2] })
  t.strictSame(read('Tensor', 82, 8, 0, 0, 0, 0, 0, 0, 240, 63), { doubleData: [1] })
  t.strictSame(read('Tensor', 10, 0), { dims: [] })
})

t.test('a message knows the byte at which it begins', async (t) => {
  const shape = readAll('TensorShape', 10, 2, 8, 7, 10, 2, 8, 9)
  t.same([shape, ...(shape.dim ?? [])].map(byteOf), [0, 2, 6])
  t.equal(byteOf({ dimValue: 7 }), undefined)
})

t.test('other fields are skipped, of every wire type', async (t) => {
  const unknown = [160, 6, 5, 161, 6, 1, 2, 3, 4, 5, 6, 7, 8, 162, 6, 2, 1, 1, 165, 6, 1, 2, 3, 4]
  t.strictSame(read('Dimension', ...unknown, 8, 7), { dimValue: 7 })
})

t.test('numbers of 64 bits are exact up to 2⁵³, and the nearest beyond', async (t) => {
  const long = (...bytes: number[]) => read('Dimension', 8, ...bytes).dimValue
  t.equal(long(255, 255, 255, 255, 255, 255, 255, 15), 2 ** 53 - 1)
  t.equal(long(255, 255, 255, 255, 255, 255, 255, 255, 127), 2 ** 63)
  t.equal(long(128, 128, 128, 128, 128, 128, 128, 128, 128, 1), -(2 ** 63))
  t.equal(long(128, 128, 128, 128, 16), 2 ** 32)
  t.equal(long(128, 0), 0, 'more bytes than needed')
  t.equal(read('Tensor', 16, 255, 255, 255, 255, 15).dataType, -1, 'int32 in five bytes')
})
