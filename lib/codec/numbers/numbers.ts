// The number formats of other programs, and what tensors make of them: float32 of the smaller floats, int32 of the
// whole numbers and of truth values.
import { arrays, type Data } from '../../tensor/data.ts'
import type { DType } from '../../type/tensor.ts'
import { e2m1, e4m3, e4m3fnuz, e5m2, e5m2fnuz, float16, type SmallFloat, scaleBits, widened } from './small.ts'

/** The first number that a tensor cannot hold, and its place in row-major order. */
export interface Misfit {
  readonly at: number
  readonly value: string
}

export interface Numbers {
  /** Bytes of a number, which may be half of one. */
  readonly width: number
  /** The number format of the tensor that holds them. */
  readonly dtype: DType
  /** The numbers in a whole buffer, in the order of this machine. The buffer may be kept. */
  readonly read: (buffer: ArrayBuffer) => Data | Misfit
}

const same = (dtype: DType): Numbers => ({
  width: arrays[dtype].BYTES_PER_ELEMENT,
  dtype,
  read: (buffer) => new arrays[dtype](buffer),
})

/**
 * Floats by their bits as those of float32, which also keeps what is not a number. Many are looked up in a table of all
 * patterns.
 */
const byBits = (Type: typeof Uint8Array | typeof Uint16Array, bitsOf: (bits: number) => number): Numbers => ({
  width: Type.BYTES_PER_ELEMENT,
  dtype: 'float32',
  read: (buffer) => {
    const from = new Type(buffer)
    const to = new Int32Array(from.length)
    const patterns = 2 ** (8 * Type.BYTES_PER_ELEMENT)
    if (from.length <= patterns) for (let i = 0; i < from.length; i++) to[i] = bitsOf(from[i] as number)
    else {
      const table = Int32Array.from({ length: patterns }, (_, bits) => bitsOf(bits))
      for (let i = 0; i < from.length; i++) to[i] = table[from[i] as number] as number
    }
    return new Float32Array(to.buffer)
  },
})

const small = (form: SmallFloat): Numbers =>
  byBits(form.exponent + form.mantissa === 15 ? Uint16Array : Uint8Array, (bits) => widened(form, bits))

/** Floats of four bits, two in a byte: the first in its lower half. */
const nibbles: Numbers = {
  width: 0.5,
  dtype: 'float32',
  read: (buffer) => {
    const from = new Uint8Array(buffer)
    const table = Int32Array.from({ length: 16 }, (_, bits) => widened(e2m1, bits))
    const to = new Int32Array(2 * from.length)
    for (let i = 0; i < to.length; i++) to[i] = table[((from[i >> 1] as number) >> (4 * (i & 1))) & 15] as number
    return new Float32Array(to.buffer)
  },
}

type Whole = Int8Array | Uint8Array | Int16Array | Uint16Array | Uint32Array

/** Whole numbers of at most 32 bits; one beyond the largest that is allowed is a misfit. */
const whole = (
  Type: { new (buffer: ArrayBuffer): Whole; readonly BYTES_PER_ELEMENT: number },
  largest: number,
): Numbers => ({
  width: Type.BYTES_PER_ELEMENT,
  dtype: 'int32',
  read: (buffer) => {
    const from = new Type(buffer)
    const at = from.findIndex((x) => x > largest)
    return at < 0 ? new Int32Array(from) : { at, value: `${from[at]}` }
  },
})

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Whole numbers of 64 bits. */
const long = (Type: typeof BigInt64Array | typeof BigUint64Array): Numbers => ({
  width: 8,
  dtype: 'int32',
  read: (buffer) => {
    const words = new Int32Array(buffer)
    const [low, high] = isLittleEndian ? [0, 1] : [1, 0]
    const to = new Int32Array(words.length / 2)
    for (let i = 0; i < to.length; i++) {
      const x = words[2 * i + low] as number
      const sign = Type === BigInt64Array ? x >> 31 : x < 0 ? 1 : 0
      if (words[2 * i + high] !== sign || sign > 0) return { at: i, value: `${new Type(buffer)[i]}` }
      to[i] = x
    }
    return to
  },
})

export const numbers = {
  float64: same('float64'),
  float32: same('float32'),
  float16: small(float16),
  bfloat16: byBits(Uint16Array, (bits) => bits << 16),
  e5m2: small(e5m2),
  e4m3: small(e4m3),
  e5m2fnuz: small(e5m2fnuz),
  e4m3fnuz: small(e4m3fnuz),
  e2m1: nibbles,
  e8m0: byBits(Uint8Array, scaleBits),
  int64: long(BigInt64Array),
  uint64: long(BigUint64Array),
  int32: same('int32'),
  uint32: whole(Uint32Array, 0x7fffffff),
  int16: whole(Int16Array, 0x7fff),
  uint16: whole(Uint16Array, 0xffff),
  int8: whole(Int8Array, 0x7f),
  uint8: whole(Uint8Array, 0xff),
  bool: whole(Uint8Array, 1),
} as const satisfies { readonly [name: string]: Numbers }
