import { ValueError } from '../error/tensorError.ts'
import { engine } from '../kernel/engine.ts'
import { describe } from '../tensor/data.ts'
import { checkShape } from '../tensor/shape.ts'

/** The state of a random source, as a value: two words of 32 bits. The same key always draws the same numbers. */
export type Key = readonly [number, number]

/**
 * A key from a seed: any whole number a JavaScript number can hold. As `jax.random.key` with 64-bit seeds: the high word
 * first.
 *
 * @example
 * import { random } from 'pullback'
 * random.key(42) // => [0, 42]
 */
export const key = (seed: number): Key => {
  if (!Number.isSafeInteger(seed))
    throw new ValueError({ op: 'key', expected: 'a whole number as seed', actual: `${seed}` })
  return [Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0]
}

const words = (k: Key, from: number, n: number): readonly Key[] => {
  if (!Array.isArray(k) || !k.every((word) => Number.isInteger(word)))
    throw new ValueError({ op: 'key', expected: 'a key of two words, as key(seed) gives', actual: describe(k) })
  const w = engine().threefry(k[0], k[1], 0, from, n)
  return Array.from({ length: n }, (_, i) => [w[2 * i] as number, w[2 * i + 1] as number] as const)
}

/**
 * Independent keys from one, two unless asked otherwise. Draw from the new ones and not from the old. As
 * `jax.random.split` of JAX 0.5 and later (partitionable Threefry).
 *
 * @example
 * import { random } from 'pullback'
 * random.split(random.key(0)) // => [[1797259609, 2579123966], [928981903, 3453687069]]
 */
export function split(k: Key): readonly [Key, Key]
export function split(k: Key, n: number): readonly Key[]
export function split(k: Key, n = 2): readonly Key[] {
  checkShape('split', [n])
  return words(k, 0, n)
}

/** A name as a number: FNV-1a of its UTF-8 bytes. */
const hash = (name: string): number => {
  let h = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 0x01000193)
  return h >>> 0
}

/**
 * Another key from a key and a number of 32 bits or a name: the key of a layer, of a step, of an epoch. For a number as
 * `jax.random.fold_in`; a name is taken as its FNV-1a hash.
 *
 * @example
 * import { random } from 'pullback'
 * random.foldIn(random.key(0), 7) // => [2716826189, 292468403]
 */
export const foldIn = (k: Key, data: number | string): Key => {
  const n = typeof data === 'string' ? hash(data) : data
  if (!Number.isInteger(n) || n < -(2 ** 31) || n >= 2 ** 32)
    throw new ValueError({ op: 'foldIn', expected: 'a whole number of 32 bits, or a name', actual: `${n}` })
  return words(k, n >>> 0, 1)[0] as Key
}
