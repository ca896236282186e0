import { allocate } from '../../tensor/data.ts'
import type { Kernels } from '../kernels.ts'

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const

/**
 * Threefry-2x32 with twenty rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC
 * 2011). Writes the two words of counter (x0, x1) to `to` at `at`.
 */
const block = (k0: number, k1: number, x0: number, x1: number, to: Uint32Array, at: number): void => {
  const keys = [k0, k1, k0 ^ k1 ^ 0x1bd11bda] as const
  let a = (x0 + k0) | 0
  let b = (x1 + k1) | 0
  for (let i = 0; i < 5; i++) {
    for (const r of rotations[(i % 2) as 0 | 1]) {
      a = (a + b) | 0
      b = ((b << r) | (b >>> (32 - r))) ^ a
    }
    a = (a + keys[((i + 1) % 3) as 0 | 1 | 2]) | 0
    b = (b + keys[((i + 2) % 3) as 0 | 1 | 2] + i + 1) | 0
  }
  to[at] = a
  to[at + 1] = b
}

export const threefry: Kernels['threefry'] = (k0, k1, high, low, n) => {
  const words = new Uint32Array(2 * n)
  for (let i = 0; i < n; i++) {
    const counter = low + i
    block(k0, k1, high + Math.floor(counter / 2 ** 32), counter >>> 0, words, 2 * i)
  }
  return words
}

export const uniform: Kernels['uniform'] = (k0, k1, n, dtype) => {
  const words = threefry(k0, k1, 0, 0, n)
  const to = allocate(dtype, n)
  for (let i = 0; i < n; i++) {
    const [high, low] = [words[2 * i] as number, words[2 * i + 1] as number]
    to[i] = dtype === 'float32' ? ((high ^ low) >>> 9) * 2 ** -23 : (high * 2 ** 20 + (low >>> 12)) * 2 ** -52
  }
  return to
}
