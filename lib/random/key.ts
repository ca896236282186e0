import { ValueError } from '../error/tensorError.ts'
import { engine } from '../kernel/current.ts'
import { onHost } from '../kernel/slot.ts'
import { describe } from '../tensor/data.ts'
import { checkShape } from '../tensor/shape.ts'

/** The state of a random source as a value: two words of 32 bits. A key always draws the same numbers. */
export type Key = readonly [number, number]

/**
 * A key from a seed, which is any safe integer. As `jax.random.key` with 64-bit seeds: the high word first.
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

const isWord = (word: unknown): boolean => Number.isInteger(word) && (word as number) >>> 0 === word

/** Checks a key: a seed in its place would silently draw as if it were another one. */
export const checkKey = onHost((op: string, k: Key): void => {
  if (Array.isArray(k) && k.length === 2 && k.every(isWord)) return
  throw new ValueError({
    op,
    expected: 'a key of two words of 32 bits',
    actual: describe(k),
    code: 'needs-key',
    remedy: `${Number.isSafeInteger(k) ? `key(${k})` : 'key(seed)'} makes one`,
  })
})

/** n keys at consecutive 64-bit counters, starting at (high, low). */
const words = onHost((k: Key, [high, low]: Key, n: number): readonly Key[] => {
  const w = engine().threefry(k[0], k[1], high, low, n)
  return Array.from({ length: n }, (_, i) => [w[2 * i] as number, w[2 * i + 1] as number] as const)
})

/**
 * Independent keys from one key, by default two. Draw from the new keys and not from the old one. As `jax.random.split`
 * of JAX 0.5 and later (partitionable Threefry).
 *
 * @example
 * import { random } from 'pullback'
 * random.split(random.key(0)) // => [[1797259609, 2579123966], [928981903, 3453687069]]
 */
export function split(k: Key): readonly [Key, Key]
export function split(k: Key, n: number): readonly Key[]
export function split(k: Key, n = 2): readonly Key[] {
  checkKey('split', k)
  checkShape('split', [n])
  return words(k, [0, 0], n)
}

/**
 * A name as a counter of 64 bits: FNV-1a of its UTF-8 bytes, of 32 bits up to three bytes, whose hashes all differ, and
 * of 64 bits beyond.
 */
const hash = (name: string): Key => {
  const bytes = new TextEncoder().encode(name)
  if (bytes.length <= 3) return [0, bytes.reduce((h, byte) => Math.imul(h ^ byte, 0x01000193) >>> 0, 0x811c9dc5)]
  let h = 0xcbf29ce484222325n
  for (const byte of bytes) h = BigInt.asUintN(64, (h ^ BigInt(byte)) * 0x100000001b3n)
  return [Number(h >> 32n), Number(h & 0xffffffffn)]
}

/** The counter of a whole number of 32 bits. */
const counterOf = onHost((data: number): Key => {
  if (Number.isInteger(data) && data >= -(2 ** 31) && data < 2 ** 32) return [0, data >>> 0]
  throw new ValueError({ op: 'foldIn', expected: 'a whole number of 32 bits, or a name', actual: describe(data) })
})

/**
 * A key derived from a key and a 32-bit integer or a name: the key of a layer, of a step, of an epoch. An integer is
 * folded in as by `jax.random.fold_in`, which gives the nth key of a `split`; a name is replaced by its FNV-1a hash,
 * the 32-bit hash for a name of up to three bytes, such as 'W' or 'L10', and the 64-bit hash for a longer one, so that
 * two names are unlikely to share a key. (Up to 0.1.0 every name had the 32-bit hash: a name of four bytes or more now
 * gives another key.) A value that is not a key, such as a seed, is a `ValueError`.
 *
 * @example
 * import { random } from 'pullback'
 * random.foldIn(random.key(0), 7) // => [2716826189, 292468403]
 * random.foldIn(random.key(0), 'costarring')[0] === random.foldIn(random.key(0), 'liquid')[0] // => false
 */
export const foldIn = (k: Key, data: number | string): Key => {
  checkKey('foldIn', k)
  if (typeof data === 'string') return words(k, hash(data), 1)[0] as Key
  return words(k, counterOf(data), 1)[0] as Key
}
