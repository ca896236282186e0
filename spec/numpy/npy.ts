// Arrays of NumPy: what NumPy wrote, what it would write, headers as Python allows them, and files that are wrong.
import fc from 'fast-check'
import {
  type AnyTensor,
  fromArray,
  fromNested,
  grad,
  op,
  type Shape,
  type Tensor,
  toNested,
  toTypedArray,
} from 'pullback'
import { decodeNpy, decodeNpz, encodeNpy } from 'pullback/numpy'
import t from 'tap'
import * as E from '#fp/Either'
import { layouts, shapes } from '../arbitrary/tensor.ts'
import { dictionary, file, malformed } from '../support/malformed/npy.ts'
import { bytesOf, many, saved } from '../support/numpy.ts'
import { check } from '../support/property.ts'

const right = (bytes: Uint8Array): AnyTensor => {
  const found = decodeNpy(bytes)
  if (E.isLeft(found)) throw found.left
  return found.right
}
const outcome = (bytes: Uint8Array): string =>
  E.match(
    (e: { readonly reason: string }): string => e.reason,
    () => 'right',
  )(decodeNpy(bytes))
const message = (bytes: Uint8Array): string =>
  E.match(
    (e: Error) => e.message,
    () => 'right',
  )(decodeNpy(bytes))
const bitsOf = (x: AnyTensor): string => {
  const { buffer, byteOffset, byteLength } = toTypedArray(x)
  return `${x.dtype} [${x.shape}] ${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}`
}
const counted = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

t.test('arrays that NumPy wrote, of all numbers, in both orders of bytes', async (t) => {
  const found = decodeNpz(bytesOf(many))
  if (E.isLeft(found)) throw found.left
  const arrays = found.right
  t.equal(Object.keys(arrays).length, 30)
  const [half, single] = [2 ** -24, Math.fround(6e-8)]
  for (const order of '<>') {
    for (const [kind, least] of [
      ['f8', 6e-8],
      ['f4', single],
      ['f2', half],
    ] as const)
      t.equal(
        bitsOf(arrays[`${order}${kind}`] as AnyTensor),
        bitsOf(
          fromArray(
            [1.5, -0, Number.POSITIVE_INFINITY, Number.NaN, -2.25, least],
            [6],
            kind === 'f8' ? 'float64' : 'float32',
          ),
        ),
        `${order}${kind}`,
      )
    for (const kind of ['i8', 'i4', 'i2', 'i1'])
      t.equal(
        bitsOf(arrays[`${order}${kind}`] as AnyTensor),
        bitsOf(
          fromNested(
            [
              [0, 1, -1],
              [127, -128, 2],
            ],
            'int32',
          ),
        ),
        `${order}${kind}`,
      )
    for (const kind of ['u8', 'u4', 'u2', 'u1'])
      t.equal(
        bitsOf(arrays[`${order}${kind}`] as AnyTensor),
        bitsOf(
          fromNested(
            [
              [0, 1, 255],
              [7, 128, 2],
            ],
            'int32',
          ),
        ),
        `${order}${kind}`,
      )
  }
  for (const [name, x] of Object.entries({
    bool: fromNested([1, 0, 1], 'int32'),
    columns2: fromArray(counted(6), [2, 3], 'float64'),
    columns3: fromArray(counted(24), [2, 3, 4], 'int32'),
    scalar: fromNested(7, 'int32'),
    empty: fromArray([], [0], 'float32'),
    'rows of none': fromArray([], [3, 0, 2], 'float32'),
    'five axes': fromArray(counted(8), [2, 1, 2, 1, 2], 'int32'),
    ä: fromNested([1], 'float32'),
  }))
    t.equal(bitsOf(arrays[name] as AnyTensor), bitsOf(x), name)
})

t.test('what is written are the bytes of numpy.save', async (t) => {
  const found = decodeNpz(bytesOf(saved))
  if (E.isLeft(found)) throw found.left
  const mine = [
    fromArray(counted(6).fill(0), [2, 3], 'float32'),
    fromNested(3, 'float64'),
    fromArray(counted(12), [12], 'int32'),
  ]
  for (const [i, x] of mine.entries()) t.same([...encodeNpy(x)], [...toTypedArray(found.right[i] as AnyTensor)])
})

t.test('round trips, bit for bit', async (t) => {
  const any = fc.tuple(shapes(), fc.constantFrom('float32', 'float64', 'int32')).chain(([shape, dtype]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return fc.uint8Array({ minLength: 8 * size, maxLength: 8 * size }).map((bits) => {
      const Type = { float32: Float32Array, float64: Float64Array, int32: Int32Array }[dtype]
      return fromArray(
        new Type(bits.buffer as ArrayBuffer).subarray(0, size) as never,
        shape as Shape,
        dtype as 'float32',
      )
    })
  })
  check(any, (x) => {
    const bytes = encodeNpy(x)
    const [start] = [bytes.length - toTypedArray(x).byteLength]
    return start % 64 === 0 && bitsOf(right(bytes)) === bitsOf(x)
  })
  const x = fromNested([
    [1, 2, 3],
    [4, 5, 6],
  ])
  for (const [name, view] of layouts(x as Tensor)) t.same(encodeNpy(view), encodeNpy(x), name)
  t.throws(() => encodeNpy([1, 2] as never), { message: /^encodeNpy: expected a tensor/ })
  t.throws(() => grad((y: Tensor<readonly []>) => op.scale(y, encodeNpy(y).length))(fromNested(1)), {
    name: 'TracedError',
  })
  t.ok(encodeNpy(op.slice(x, [[0, 1]])).length < 150)
})

t.test('columns first, of any rank and any bits', async (t) => {
  const bits = Uint32Array.of(0x7f800001, 0xffc12345, 0x80000000, 1, 2, 3)
  const columns = right(file(dictionary("'<f4'", '(2, 3)', 'True'), bits))
  const rows = right(file(dictionary("'<f4'", '(2, 3)'), Uint32Array.of(0x7f800001, 0x80000000, 2, 0xffc12345, 1, 3)))
  t.equal(bitsOf(columns), bitsOf(rows), 'what a NaN carries is kept')
  const double = right(file(dictionary("'<f8'", '(1, 2, 1)', 'True'), BigUint64Array.of(0x7ff0000000000001n, 5n)))
  t.equal(bitsOf(double), 'float64 [1,2,1] 010000000000f07f0500000000000000')
  t.same(toNested(right(file(dictionary("'<i4'", '(3, 2, 2)', 'True'), Int32Array.from(counted(12)))) as never), [
    [
      [0, 6],
      [3, 9],
    ],
    [
      [1, 7],
      [4, 10],
    ],
    [
      [2, 8],
      [5, 11],
    ],
  ])
  for (const shape of ['()', '(1,)', '(1, 1)'])
    t.equal(outcome(file(dictionary("'<i4'", shape, 'True'), 4)), 'right', shape)
  t.match(
    message(file(dictionary("'<i8'", '(2, 3)', 'True'), BigInt64Array.of(0n, 1n, 2n, 2n ** 40n, 4n, 5n))),
    /got 1099511627776 at \[1, 1\]/,
  )
  const high = `(${'1, '.repeat(31)}2)`
  t.same([...toTypedArray(right(file(dictionary("'<i2'", high, 'True'), Int16Array.of(3, 4))))], [3, 4])
})

t.test('headers as Python writes and allows them', async (t) => {
  const data = Float32Array.of(1, 2)
  for (const [what, header] of Object.entries({
    'as NumPy writes it': "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }      ",
    'other quotes': '{"descr": "<f4", "fortran_order": False, "shape": (2,)}',
    'another order of names': "{'shape': (2,), 'fortran_order': False, 'descr': '<f4'}",
    'no spaces': "{'descr':'<f4','fortran_order':False,'shape':(2,)}",
    'line ends and tabs': "{\n'descr':\t'<f4',\n'fortran_order': False,\n'shape': (2,)\n}\n ",
    'the long numbers of Python 2': "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }",
    'several axes': dictionary("'<f4'", '(1, 2, 1,)'),
  }))
    t.same([...toTypedArray(right(file(header, data)))], [1, 2], what)
  for (const version of [
    [1, 0],
    [2, 0],
    [3, 0],
  ])
    t.equal(outcome(file(dictionary(), data, version)), 'right', `${version}`)
  for (let shift = 0; shift < 8; shift++) {
    const bytes = file(`${dictionary("'<f8'")}${' '.repeat(shift)}`, Float64Array.of(1, 2))
    const within = new Uint8Array(bytes.length + shift)
    within.set(bytes, shift)
    t.same([...toTypedArray(right(within.subarray(shift)))], [1, 2], `numbers ${shift} bytes off`)
  }
  for (const descr of ['|b1', '<b1', '|u1', '>u1', '<i1'])
    t.equal(outcome(file(dictionary(`'${descr}'`), 2)), 'right', descr)
})

t.test('wrong files, by kind', async (t) => {
  for (const [expected, files] of Object.entries(malformed))
    for (const [what, bytes] of files) t.equal(outcome(bytes), expected, `${expected}: ${what}`)
  t.ok(Object.values(malformed).flat().length >= 80)
})

t.test('an error says what is wrong, where, and what to do', async (t) => {
  t.equal(
    message(file(dictionary("'<c8'"), 8)),
    "npy at byte 10: expected numbers '<f4' or '>f4', or f8, f4, f2, i8, u8, i4, u4, i2, u2, i1, u1, b1 of such an order of bytes, " +
      "got '<c8'; convert them by astype before they are saved [unsupported-format]",
  )
  t.match(
    message(file(dictionary("'<f4'", '(1 + 1,)'), 8)),
    /^npy at byte 63: expected .* got '\+ 1,\)\}' \[damaged-file\]$/,
  )
  t.match(
    message(file(dictionary(), 4)),
    /^npy at byte 70: expected 74 bytes for the shape \[2\], got 70 \[damaged-file\]$/,
  )
})

t.test('any change to a file leaves it readable or gives an error', async (t) => {
  const good = ["'<f4'", "'>f8'", "'<i8'", "'|b1'"].map((descr, i) =>
    file(dictionary(descr, '(2, 1)', i % 2 ? 'True' : 'False'), 2 * ([4, 8, 8, 1][i] as number)),
  )
  for (const bytes of [...good, ...good.map((b) => encodeNpy(right(b)))])
    for (let cut = 0; cut < bytes.length; cut++)
      if (outcome(bytes.subarray(0, cut)) === 'right') t.fail(`cut at ${cut}`)
  const change = fc.tuple(
    fc.nat(),
    fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...[..."(),'{}[]: -0129LTF<>|\n"].map((c) => c.charCodeAt(0)))),
  )
  check(
    fc.tuple(fc.constantFrom(...good), fc.array(change, { minLength: 1, maxLength: 5 })),
    ([bytes, changes]) => {
      const changed = bytes.slice()
      for (const [at, byte] of changes) changed[at % bytes.length] = byte
      return message(changed) === 'right' || message(changed).startsWith('npy ')
    },
    4000,
  )
  t.pass()
})
