import { RankError } from '../error/rankError.ts'
import type { Data } from '../tensor/data.ts'
import type { Group } from './group.ts'

/** A hash of 64 bits, made of two of 32 that differ in their start; not one that withstands intent. */
export const digest = (parts: readonly (string | Data)[]): string => {
  let [a, b] = [0x811c9dc5, 0x9747b28c]
  const mix = (word: number): void => {
    a = Math.imul(a ^ word, 0x01000193)
    b = Math.imul((b << 13) | (b >>> 19), 5) + Math.imul(word, 0xcc9e2d51)
    a ^= a >>> 15
  }
  for (const part of parts) {
    const bytes =
      typeof part === 'string'
        ? new TextEncoder().encode(part)
        : new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    const words = bytes.length >> 2
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    mix(bytes.length)
    for (let i = 0; i < words; i++) mix(view.getInt32(4 * i, true))
    for (let i = 4 * words; i < bytes.length; i++) mix(bytes[i] as number)
  }
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** The value that most ranks have; of equals the one of the lowest rank. */
const usual = (values: readonly string[]): string => {
  const count = (value: string): number => values.filter((other) => other === value).length
  return values.reduce((best, value) => (count(value) > count(best) ? value : best))
}

/**
 * Checks that each rank has the same things, given by name as digests or short texts. Ranks that differ from most others
 * are a `RankError`, on every rank, that names them and what differs.
 */
export const checkSame = (op: string, comm: Group, things: { readonly [name: string]: string }): void => {
  if (comm.size === 1) return
  const all = comm
    .allGather(new TextEncoder().encode(JSON.stringify(things)))
    .map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as typeof things)
  for (const name of Object.keys(all[0] as typeof things)) {
    const values = all.map((of) => of[name] ?? 'nothing')
    const expected = usual(values)
    const ranks = [...values.keys()].filter((rank) => values[rank] !== expected)
    if (ranks.length === 0) continue
    throw new RankError({
      op,
      ranks,
      expected: `the same ${name} on all ${comm.size} ranks (${expected})`,
      actual: ranks.map((rank) => `${values[rank]} on rank ${rank}`).join(', '),
      code: 'ranks-differ',
      remedy: 'every rank runs the same program with the same options, and reads the same files',
    })
  }
}
