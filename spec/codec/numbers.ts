// The number formats of other programs: every pattern of the small floats against their definition, and whole numbers up to where int32 ends.

import fc from 'fast-check'
import {
  type AnyTensor,
  decodeSafetensors,
  encodeSafetensors,
  eye,
  listSafetensors,
  toArray,
  toTypedArray,
} from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import { check } from '../support/property.ts'

/** A file with one tensor, as the specification says. */
const file = (dtype: string, shape: readonly number[], data: ArrayBufferView): Uint8Array => {
  const size = data.byteLength
  const head = new TextEncoder().encode(JSON.stringify({ x: { dtype, shape, data_offsets: [0, size] } }))
  const bytes = new Uint8Array(8 + head.length + size)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true)
  bytes.set(head, 8)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, size), 8 + head.length)
  return bytes
}
const read = (dtype: string, data: ArrayBufferView & ArrayLike<number | bigint>): AnyTensor => {
  const found = decodeSafetensors(file(dtype, [data.length], data))
  if (E.isLeft(found)) throw found.left
  return found.right.tensors.x as AnyTensor
}
const message = (bytes: Uint8Array): string =>
  E.match(
    (e: Error) => e.message,
    () => 'right',
  )(decodeSafetensors(bytes))

const [bytes8, bytes16] = [
  Uint8Array.from({ length: 256 }, (_, i) => i),
  Uint16Array.from({ length: 65536 }, (_, i) => i),
]

/** The value of a pattern by the definition: sign, exponent, mantissa; `special` says which patterns are other things. */
const defined =
  (e: number, m: number, bias: number, special: (bits: number) => number | undefined) =>
  (bits: number): number => {
    const sign = bits >> (e + m) === 1 ? -1 : 1
    const [exponent, mantissa] = [(bits >> m) % 2 ** e, bits % 2 ** m]
    const usual = exponent === 0 ? mantissa * 2 ** (1 - bias - m) : (2 ** m + mantissa) * 2 ** (exponent - bias - m)
    return special(bits) ?? sign * usual
  }
const ieee =
  (e: number, m: number) =>
  (bits: number): number | undefined => {
    const sign = bits >> (e + m) === 1 ? -1 : 1
    if ((bits >> m) % 2 ** e !== 2 ** e - 1) return undefined
    return bits % 2 ** m === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  }

t.test('small floats are float32, exactly', async (t) => {
  for (const [dtype, patterns, value] of [
    ['F16', bytes16, defined(5, 10, 15, ieee(5, 10))],
    ['BF16', bytes16, defined(8, 7, 127, ieee(8, 7))],
    ['F8_E5M2', bytes8, defined(5, 2, 15, ieee(5, 2))],
    ['F8_E4M3', bytes8, defined(4, 3, 7, (bits) => (bits % 128 === 127 ? Number.NaN : undefined))],
    ['F8_E5M2FNUZ', bytes8, defined(5, 2, 16, (bits) => (bits === 128 ? Number.NaN : undefined))],
    ['F8_E4M3FNUZ', bytes8, defined(4, 3, 8, (bits) => (bits === 128 ? Number.NaN : undefined))],
    ['F8_E8M0', bytes8, (bits: number) => (bits === 255 ? Number.NaN : 2 ** (bits - 127))],
  ] as const) {
    const found = read(dtype, patterns)
    t.equal(found.dtype, 'float32', dtype)
    const wrong = [...toTypedArray(found)].findIndex((x, bits) => !Object.is(x, value(bits)))
    t.equal(wrong, -1, `${dtype}: the pattern that is wrong`)
    const Type = patterns.constructor as { new (numbers: readonly number[]): typeof patterns }
    const { buffer } = toTypedArray(read(dtype, new Type([...patterns, ...patterns])))
    const bits = Buffer.from(toTypedArray(found).buffer)
    t.ok(Buffer.concat([bits, bits]).equals(Buffer.from(buffer)), `${dtype}: many of them`)
  }
  t.same([...toTypedArray(read('F16', Uint16Array.of(0x3c00, 0xc000, 0x7bff, 1)))], [1, -2, 65504, 2 ** -24])
  t.same([...toTypedArray(read('BF16', Uint16Array.of(0x3f80, 0xc000, 0x4049)))], [1, -2, 3.140625])
  t.same([...toTypedArray(read('F8_E4M3', Uint8Array.of(0x7e, 0x01)))], [448, 2 ** -9])
  t.same([...toTypedArray(read('F8_E5M2', Uint8Array.of(0x7b, 0x01)))], [57344, 2 ** -16])
  const { buffer } = toTypedArray(read('F16', Uint16Array.of(0x7d55)))
  t.equal(new Uint32Array(buffer)[0], 0x7faaa000, 'what a NaN carries is kept')
})

t.test('floats of four bits lie two in a byte, the first in its lower half', async (t) => {
  const values = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6]
  const f4 = (shape: readonly number[], data: Uint8Array) => decodeSafetensors(file('F4', shape, data))
  const found = f4([256, 2], bytes8)
  if (E.isLeft(found)) throw found.left
  const x = found.right.tensors.x as AnyTensor
  t.same([x.dtype, x.shape], ['float32', [256, 2]])
  const expected = [...bytes8].flatMap((byte) => [values[byte % 16], values[byte >> 4]])
  t.ok([...toTypedArray(x)].every((number, i) => Object.is(number, expected[i])))
  t.match(f4([3], Uint8Array.of(0x21)), {
    left: { reason: 'BadShape', expected: 'numbers of 4 bits that fill whole bytes', actual: '[3]' },
  })
  t.match(f4([3], Uint8Array.of(0x21, 0)), { left: { reason: 'BadShape' } })
  t.match(f4([4], Uint8Array.of(0x21)), { left: { reason: 'WrongSize' } })
  t.match(f4([2 ** 40, 2 ** 40], Uint8Array.of(0x21)), { left: { reason: 'BadShape' } })
  t.match(f4([0], new Uint8Array(0)), { _tag: 'Right' })
})

t.test('whole numbers and truth values are int32', async (t) => {
  const edge = 2n ** 31n
  for (const [dtype, data] of [
    ['I8', Int8Array.of(-128, -1, 0, 127)],
    ['U8', Uint8Array.of(0, 128, 255)],
    ['I16', Int16Array.of(-32768, 32767)],
    ['U16', Uint16Array.of(0, 65535)],
    ['I32', Int32Array.of(-2147483648, 2147483647)],
    ['U32', Uint32Array.of(0, 2147483647)],
    ['I64', BigInt64Array.of(-edge, -1n, 0n, edge - 1n)],
    ['U64', BigUint64Array.of(0n, edge - 1n)],
    ['BOOL', Uint8Array.of(0, 1, 1)],
  ] as const) {
    const found = read(dtype, data)
    t.equal(found.dtype, 'int32', dtype)
    t.same([...toTypedArray(found)], Array.from(data, Number), dtype)
  }
})

t.test('a number that int32 cannot hold is an error with its place', async (t) => {
  const at = (dtype: string, data: ArrayBufferView): string => message(file(dtype, [2, 2], data))
  for (const [dtype, data, value] of [
    ['U32', Uint32Array.of(0, 1, 2147483648, 3), '2147483648'],
    ['I64', BigInt64Array.of(0n, 1n, 2n ** 31n, 3n), '2147483648'],
    ['I64', BigInt64Array.of(0n, 1n, -(2n ** 31n) - 1n, 3n), '-2147483649'],
    ['I64', BigInt64Array.of(0n, 1n, 2n ** 53n + 1n, 3n), '9007199254740993'],
    ['I64', BigInt64Array.of(0n, 1n, -(2n ** 63n), 3n), '-9223372036854775808'],
    ['I64', BigInt64Array.of(0n, 1n, 2n ** 32n - 1n, 3n), '4294967295'],
    ['U64', BigUint64Array.of(0n, 1n, 2n ** 31n, 3n), '2147483648'],
    ['U64', BigUint64Array.of(0n, 1n, 2n ** 64n - 1n, 3n), '18446744073709551615'],
  ] as const)
    t.match(
      at(dtype, data),
      new RegExp(`in entry 'x': expected numbers of ${dtype} that int32 holds, got ${value} at \\[1, 0\\]; `),
    )
  t.match(at('BOOL', Uint8Array.of(0, 1, 2, 1)), /expected truth values, which are 0 or 1, got 2 at \[1, 0\]/)
  t.match(decodeSafetensors(file('U8', [0], new Uint8Array(0))), { right: { tensors: { x: { size: 0 } } } })
  t.same(toArray(read('I64', BigInt64Array.of(7n)) as never), [7])
  const out = decodeSafetensors(file('U32', [2], Uint32Array.of(1, 2 ** 31)))
  t.match(out, { left: { reason: 'OutOfRange', byte: file('U32', [0], new Uint8Array(0)).length + 4 } }, 'the byte')
})

t.test('tensors by name, and the list of all', async (t) => {
  const bytes = encodeSafetensors({ b: eye(2), a: eye(1), 10: eye(1), __proto__x: eye(1) }, { about: 'text' })
  const some = decodeSafetensors(bytes, { names: ['b', '10', 'b'] })
  t.same(E.isRight(some) && Object.keys(some.right.tensors), ['10', 'b'])
  t.match(decodeSafetensors(bytes, { names: ['c'] }), {
    left: {
      reason: 'MissingName',
      message: "safetensors in entry 'c': expected a tensor 'c', got '10', '__proto__x', 'a', 'b'",
    },
  })
  t.match(decodeSafetensors(bytes, { names: ['toString'] }), { left: { reason: 'MissingName' } })
  t.match(decodeSafetensors(encodeSafetensors({}), { names: ['c'] }), { left: { actual: 'none' } })
  const bad = file('U32', [1], Uint32Array.of(2 ** 31))
  t.match(decodeSafetensors(bad, { names: [] }), { right: { tensors: {} } }, 'numbers of others are not read')
  t.same(listSafetensors(bad), E.right({ tensors: [{ name: 'x', dtype: 'U32', shape: [1] }], metadata: {} }))
  t.match(listSafetensors(bytes.subarray(0, -1)), { left: { reason: 'Truncated' } })
})

t.test('numbers that are not read are listed, and do not keep others from being read', async (t) => {
  const header = {
    few: { dtype: 'C64', shape: [1], data_offsets: [0, 8] },
    x: { dtype: 'U8', shape: [2], data_offsets: [8, 10] },
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = Uint8Array.of(text.length, 0, 0, 0, 0, 0, 0, 0, ...text, ...new Array(8).fill(0), 3, 4)
  t.match(listSafetensors(bytes), { right: { tensors: [{ name: 'few', dtype: 'C64', shape: [1] }, { name: 'x' }] } })
  const found = decodeSafetensors(bytes, { names: ['x'] })
  t.ok(found._tag === 'Right' && found.right.tensors.x)
  t.match(decodeSafetensors(bytes), { left: { reason: 'UnsupportedNumbers', entry: 'few' } })
  t.match(decodeSafetensors(bytes, { names: ['few'] }), { left: { reason: 'UnsupportedNumbers' } })
  t.throws(() => decodeSafetensors(bytes, { names: 'a' as never }), {
    message: /^decodeSafetensors: expected names, an array of strings, got 'a'/,
  })
  t.throws(() => decodeSafetensors(bytes, { name: ['a'] } as never), { message: /names/ })
})

t.test('any change to a file leaves it readable or gives an error', async (t) => {
  const kinds = ['F64', 'F16', 'F8_E4M3', 'I64', 'U64', 'U32', 'I16', 'U8', 'BOOL']
  const widths = [8, 2, 1, 8, 8, 4, 2, 1, 1]
  const good = kinds.map((dtype, i) => file(dtype, [16 / (widths[i] as number)], new Uint8Array(16)))
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }))
  const kind = fc.constantFrom(...good)
  check(
    fc.tuple(kind, fc.array(change, { minLength: 1, maxLength: 4 })),
    ([bytes, changes]) => {
      const changed = bytes.slice()
      for (const [at, byte] of changes) changed[at % bytes.length] = byte
      return message(changed) === 'right' || message(changed).startsWith('safetensors at byte ')
    },
    2000,
  )
  for (const bytes of good)
    for (let cut = 0; cut < bytes.length; cut++)
      if (message(bytes.subarray(0, cut)) === 'right') t.fail(`cut at ${cut}`)
  t.pass()
})
