import { eye, fromNested, zeros } from 'pullback'
import { encodeNpy } from 'pullback/numpy'
import { type Source, whole } from '../../arbitrary/numbers.ts'
import { bytesChanged, coded, textChanged } from './mutate.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** An array of NumPy: a header of its length, and numbers. */
export const npyFile = (header: string, numbers: Uint8Array, version = 1): Uint8Array => {
  const head = new TextEncoder().encode(`${header}\n`)
  return Uint8Array.from([...magic, version, 0, ...coded(head.length, version === 1 ? 2 : 4), ...head, ...numbers])
}

const kinds = ['<f8', '>f4', '<f2', '>i8', '<u8', '<u4', '>i2', '|i1', '|b1', '<c8', '|O']
const header = (descr: string, isFortran: boolean): string =>
  `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${16 / Number(descr.slice(2))}, 1), }`
const others = kinds.map((descr, i) => npyFile(header(descr, i % 2 === 0), new Uint8Array(16), (i % 3) + 1))

/** Sound arrays, and some of numbers that are not read. */
export const npySeeds = [encodeNpy(eye(2)), encodeNpy(zeros([0, 3])), encodeNpy(fromNested([1], 'int32')), ...others]

/** Arrays of all numbers that are read, in either order of bytes and of axes. */
export const npyWithNumbers = (next: Source): readonly Uint8Array[] =>
  kinds.slice(0, -2).map((descr) => {
    const isSmall = next() < 0.5 || descr === '|b1'
    const width = Number(descr.slice(2))
    const places = Array.from({ length: 12 * width }, (_, i) =>
      descr[0] === '>' ? width - 1 - (i % width) : i % width,
    )
    // Whole numbers that are small fit into int32.
    const byte = (place: number): number =>
      isSmall && descr[1] !== 'f' && place > 0 ? 0 : whole(next, 0, descr[1] === 'b' ? 1 : 255)
    const shape = ['(2, 3, 2)', '(12,)', '(4, 3)'][whole(next, 0, 2)]
    const text = `{'descr': '${descr}', 'fortran_order': ${next() < 0.5 ? 'True' : 'False'}, 'shape': ${shape}, }`
    return npyFile(text, Uint8Array.from(places, byte), whole(next, 1, 3))
  })

/** The header or the numbers of an array changed in a sound frame, or any bytes. */
export const npyChanged = (next: Source, bytes: Uint8Array): Uint8Array => {
  const begin = bytes[6] === 1 ? 10 : 12
  const end = bytes.indexOf(10, begin)
  if (end < 0 || next() < 0.2) return bytesChanged(next, bytes)
  const header = new TextDecoder().decode(bytes.subarray(begin, end))
  const numbers = bytes.subarray(end + 1)
  return next() < 0.7
    ? npyFile(textChanged(next, header), numbers, bytes[6])
    : npyFile(header, bytesChanged(next, numbers), bytes[6])
}
