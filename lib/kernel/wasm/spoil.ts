import type { Data } from '../../tensor/data.ts'

/** The entries of a buffer from `from` to `to`, copied to the memory; `at` is the address of its entry 0. */
export interface Copy {
  readonly at: number
  readonly from: number
  readonly to: number
}
export type Copies = Map<Data, Copy>

/** Overwrites a part of a memory with NaN, except the copies that are kept there. */
export const spoil = (memory: ArrayBufferLike, [start, end]: readonly [number, number], kept: Copies): void => {
  const bytes = new Uint8Array(memory)
  let from = start
  for (const [data, { at }] of [...kept].sort(([, a], [, b]) => a.at - b.at)) {
    bytes.fill(0xff, from, at)
    from = Math.max(from, at + data.byteLength)
  }
  bytes.fill(0xff, from, end)
}
