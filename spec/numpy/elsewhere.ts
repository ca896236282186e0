// What readers of NumPy's files and of safetensors got wrong elsewhere, by public reports, is right here.
import zlib from 'node:zlib'
import {
  type AnyTensor,
  decodeSafetensors,
  encodeSafetensors,
  fromNested,
  toArray,
  toTypedArray,
  zeros,
} from 'pullback'
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from 'pullback/numpy'
import t from 'tap'
import * as E from '#fp/Either'
import { bytesOf, many, stored } from '../support/numpy.ts'

const right = <L extends Error, A>(found: E.Either<L, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
/** An array whose header takes some bytes more than usual. */
const array = (header: string, data: ArrayBufferView, version = 1): Uint8Array => {
  const head = new TextEncoder().encode(`${header}\n`)
  const size = version === 1 ? [head.length & 255, head.length >> 8] : [head.length & 255, head.length >> 8, 0, 0]
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    ...size,
    ...head,
    ...new Uint8Array(data.buffer),
  ])
}
const header = (descr: string, shape: string, fortran = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`

t.test('npyjs 40: a header of more than 255 bytes, and brackets within it', async (t) => {
  const long = array(`${header('<f4', '(1, 1, 2)')}${' '.repeat(300)}`, Float32Array.of(1, 2))
  t.same(toArray(right(decodeNpy(long)) as never), [1, 2])
  t.match(
    decodeNpy(
      array(
        "{'descr': [('x', '<f4'), ('y', '<f4', (2,))], 'fortran_order': False, 'shape': (1,), }",
        new Uint8Array(12),
      ),
    ),
    {
      left: { reason: 'UnsupportedNumbers', message: /got \[\('x', '<f4'\), \('y', '<f4', \(2,\)\)\]/ },
    },
  )
})

t.test('npyjs 43 and 44, zarr.js 127: truth values, bytes, half precision', async (t) => {
  const found = right(decodeNpz(bytesOf(many)))
  t.same(toArray(found.bool as never), [1, 0, 1])
  t.equal((found['<f2'] as AnyTensor).dtype, 'float32')
  t.equal((found['>f2'] as AnyTensor).dtype, 'float32')
})

t.test('cnpy 7, candle 1077, tract 655: columns first', async (t) => {
  const columns = array(header('<f4', '(2, 2)', 'True'), Float32Array.of(1, 2, 3, 4))
  t.same(toArray(right(decodeNpy(columns)) as never), [1, 3, 2, 4])
})

t.test('stdlib (Fortran) 581: numbers that are not aligned; JetBrains npy 4: what NumPy cannot load', async (t) => {
  for (let spaces = 0; spaces < 8; spaces++)
    t.same(
      toArray(right(decodeNpy(array(header('<f8', '(1,)') + ' '.repeat(spaces), Float64Array.of(3), 2))) as never),
      [3],
    )
  t.equal((encodeNpy(zeros([3])).length - 12) % 64, 0)
})

t.test('loaders.gl 986: another order of bytes is read, not warned of', async (t) => {
  t.same(toArray(right(decodeNpy(array(header('>f4', '(1,)'), Uint8Array.of(0x3f, 0x80, 0, 0)))) as never), [1])
  t.same(
    toArray(right(decodeNpy(array(header('<f4', '()'), Float32Array.of(5)))) as never),
    [5],
    'a shape without axes',
  )
})

t.test('cnpy 103, libnpy 1, xtensor-io 181: zip64 fields in the headers of entries', async (t) => {
  t.same(toArray(right(decodeNpz(bytesOf(stored))).a as never), [0, 1, 2])
  t.equal(Object.keys(right(decodeNpz(bytesOf(many), { names: ['ä'] }))).length, 1, 'the last of thirty entries')
})

t.test('fflate: bytes behind a compressed stream, and a bomb that is cut silently', async (t) => {
  const bytes = encodeNpz({ a: zeros([1000]) }, { compress: true })
  const theirs = zlib.inflateRawSync(bytes.subarray(35, bytes.length - 73))
  t.equal(theirs.length, 4128, 'zlib reads what is written')
  const cut = bytes.slice()
  new DataView(cut.buffer).setUint32(22, 200, true)
  new DataView(cut.buffer).setUint32(cut.length - 73 + 24, 200, true)
  t.match(decodeNpz(cut), { left: { reason: 'WrongSize', expected: '200 bytes when inflated, as announced' } })
})

/** A safetensors file of a header and bytes. */
const tensors = (text: string, data: Uint8Array): Uint8Array => {
  const head = new TextEncoder().encode(text)
  const bytes = new Uint8Array(8 + head.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true)
  bytes.set(head, 8)
  bytes.set(data, 8 + head.length)
  return bytes
}

t.test('safetensors 231: a header of odd length; tinygrad 3310, llama.cpp 1473: BF16', async (t) => {
  for (const spaces of ['', ' ', '   ']) {
    const file = tensors(
      `{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}${spaces}`,
      Uint8Array.of(0x80, 0x3f, 0, 0xc0),
    )
    t.same(toArray(right(decodeSafetensors(file)).tensors.x as never), [1, -2])
  }
})

t.test('safetensors 401: a name that occurs twice is called so', async (t) => {
  const entry = '"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
  t.match(decodeSafetensors(tensors(`{${entry},${entry}}`, new Uint8Array(4))), {
    left: { reason: 'DuplicateName', entry: 'x' },
  })
})

t.test('safetensors 226 and 280, fastsafetensors 89: no numbers, and no texts', async (t) => {
  const bytes = encodeSafetensors({ a: zeros([0]), b: zeros([2, 0]), c: zeros([0, 3]) })
  t.same(
    Object.values(right(decodeSafetensors(bytes)).tensors).map(({ shape }) => shape),
    [[0], [2, 0], [0, 3]],
  )
  const file = tensors('{"__metadata__":{},"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', new Uint8Array(4))
  t.same([...toTypedArray(right(decodeSafetensors(file)).tensors.s as AnyTensor)], [0])
})

t.test('safetensors 466: texts without tensors', async (t) => {
  t.same(right(decodeSafetensors(encodeSafetensors({}, { key: 'value' }))).metadata, { key: 'value' })
})

t.test('ComfyUI-GGUF 21: floats of 8 bits', async (t) => {
  const file = tensors('{"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}', Uint8Array.of(0x38, 0xb8))
  t.same(toArray(right(decodeSafetensors(file)).tensors.x as never), toArray(fromNested([1, -1])))
})
