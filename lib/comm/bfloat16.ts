import type { Group } from './group.ts'

/** Numbers of 32 bits rounded to those of 16 with the same exponents, to nearest, halves to even; NaN stays NaN. */
export const toBfloat16 = (numbers: Float32Array): Uint16Array => {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)
  const found = new Uint16Array(numbers.length)
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i] as number
    const isNoNumber = (x & 0x7fffffff) > 0x7f800000
    found[i] = isNoNumber ? (x >>> 16) | 0x40 : (x + 0x7fff + ((x >>> 16) & 1)) >>> 16
  }
  return found
}

/** Adds such numbers. */
const addBfloat16 = (to: Float32Array, numbers: Uint16Array): void => {
  const bits = new Uint32Array(1)
  const one = new Float32Array(bits.buffer)
  for (let i = 0; i < to.length; i++) {
    bits[0] = (numbers[i] as number) << 16
    to[i] = (to[i] as number) + (one[0] as number)
  }
}

/**
 * Replaces numbers by their sum over the ranks, where each gives them in half as many bytes, rounded to 8 bits of
 * precision; the sums are of 32 bits, made in the order of the ranks, and the same on each.
 */
export const sumAsBfloat16 = (comm: Group, numbers: Float32Array): void => {
  const all = comm.allGather(new Uint8Array(toBfloat16(numbers).buffer))
  numbers.fill(0)
  for (const bytes of all) addBfloat16(numbers, new Uint16Array(bytes.slice().buffer))
}
