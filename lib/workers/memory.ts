/** Numbers are exchanged so many bytes at a time. Fewer cost more barriers, and more do not stay in the caches. */
export const chunk = 2 ** 18

/** Words and bytes that only one rank writes stand this far from others, so that processors do not contend for them. */
const apart = 64
/** The room of what a rank says when it fails. */
const text = 2 ** 14

/** Where the words are that several ranks write, and that ranks wait on. */
export const place = { author: 0, round: 16, arrived: 32 }
/** The word with the number of barriers that a rank has reached. */
export const reached = (rank: number): number => 48 + 16 * rank
/** The word that is 1 when a rank has left the group. */
export const left = (rank: number): number => reached(rank) + 1

/** What the ranks of a group share, as views of one buffer. */
export interface Memory {
  readonly buffer: SharedArrayBuffer
  readonly size: number
  readonly words: Int32Array
  /** What a rank says when it fails; that of `size` is the program that has started the ranks. */
  readonly said: (author: number) => Uint8Array
  /** The three numbers that describe the call of a rank. Calls use those of turn 0 and of turn 1 by turns. */
  readonly header: (turn: number, rank: number) => Float64Array
  /** The beginning of the numbers that a rank gives. */
  readonly slot: (turn: number, rank: number) => number
}

const textsAt = (size: number): number => 4 * reached(size)
const slotsAt = (size: number): number => textsAt(size) + (size + 1) * text

/** The bytes that a group shares. */
export const bytesOf = (size: number): number => slotsAt(size) + 2 * size * (apart + chunk)

/** The views of the buffer of a group. */
export const memoryOf = (buffer: SharedArrayBuffer, size: number): Memory => {
  const slot = (turn: number, rank: number): number => slotsAt(size) + (turn * size + rank) * (apart + chunk) + apart
  return {
    buffer,
    size,
    words: new Int32Array(buffer, 0, reached(size)),
    said: (author) => new Uint8Array(buffer, textsAt(size) + author * text, text),
    header: (turn, rank) => new Float64Array(buffer, slot(turn, rank) - apart, 3),
    slot,
  }
}
