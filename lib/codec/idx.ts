import * as t from 'io-ts'
import type { NdArray } from 'ndarray'
import type * as E from '#fp/Either'
import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import { classNameOf } from '../tensor/data.ts'
import { mostAxes, sizeOf } from '../tensor/shape.ts'
import { ndarrayOf } from '../tensor/view.ts'
import { decode, type Issue } from './issue.ts'

/** The arrays that an IDX file may hold. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

interface Format {
  readonly Type: { new (length: number): IdxData; readonly BYTES_PER_ELEMENT: number }
  readonly read: (view: DataView, at: number) => number
}

/** Formats by type code; numbers of more than one byte are big-endian. */
const formats: Readonly<Record<number, Format>> = {
  8: { Type: Uint8Array, read: (view, at) => view.getUint8(at) },
  9: { Type: Int8Array, read: (view, at) => view.getInt8(at) },
  11: { Type: Int16Array, read: (view, at) => view.getInt16(at) },
  12: { Type: Int32Array, read: (view, at) => view.getInt32(at) },
  13: { Type: Float32Array, read: (view, at) => view.getFloat32(at) },
  14: { Type: Float64Array, read: (view, at) => view.getFloat64(at) },
}

/** The array in the bytes, or a message about what is wrong with them. */
const parse = (bytes: Uint8Array): NdArray<IdxData> | string => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'expected an IDX file, got a gzip archive: unpack it first'
  const format = formats[bytes[2] ?? -1]
  const rank = bytes[3] ?? -1
  if (bytes[0] !== 0 || bytes[1] !== 0 || format === undefined || rank < 1)
    return `expected an IDX file (0, 0, type, rank), got one that begins with ${[...bytes.subarray(0, 4)].join(', ') || 'nothing'}`
  const start = 4 + 4 * rank
  if (rank > mostAxes) return `expected an IDX file of at most ${mostAxes} axes, got one of ${rank}`
  if (bytes.length < start) return `expected ${rank} sizes in a header of ${start} bytes, got ${bytes.length} bytes`
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const { Type, read } = format
  const size = sizeOf(shape)
  const expected = start + size * Type.BYTES_PER_ELEMENT
  if (bytes.length !== expected) return `expected ${expected} bytes for [${shape.join(', ')}], got ${bytes.length}`
  if (Type === Uint8Array) return ndarrayOf(bytes.subarray(start), shape)
  const data = new Type(size)
  for (let i = 0; i < size; i++) data[i] = read(view, start + i * Type.BYTES_PER_ELEMENT)
  return ndarrayOf(data, shape)
}

/** True for bytes, including those of another realm (a frame, a `vm` context). */
const isBytes = (u: unknown): u is Uint8Array => classNameOf(u) === 'Uint8Array'
const isBuffer = (u: unknown): boolean => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(u))

const idx: t.Decoder<unknown, NdArray<IdxData>> = {
  name: 'the bytes of an IDX file',
  validate: (u, context) => {
    if (isBuffer(u))
      return t.failure(u, context, `expected ${idx.name}, got an ArrayBuffer: give new Uint8Array(…) of it`)
    if (!isBytes(u)) return t.failure(u, context)
    const found = parse(new Uint8Array(u.buffer, u.byteOffset, u.length))
    return typeof found === 'string' ? t.failure(u, context, found) : t.success(found)
  },
  decode: (u) => idx.validate(u, [{ key: '', type: idx }]),
}

/**
 * Reads the IDX format of the MNIST digits: two zero bytes, a type code, the rank, the sizes as big-endian 32-bit
 * numbers, then the entries in row-major order. Returns a scijs ndarray (over the bytes themselves if they are
 * unsigned, else over a copy), or an issue: too short, too long, compressed, or not IDX.
 *
 * @example
 * import * as E from 'fp-ts/lib/Either.js'
 * import { decodeIdx } from 'pullback'
 * E.isRight(decodeIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9))) // => true
 */
export const decodeIdx = (bytes: unknown): E.Either<ReadonlyNonEmptyArray<Issue>, NdArray<IdxData>> =>
  decode(idx, 'damaged-file')(bytes)
