// Repetitions in bytes, found by the last places where three bytes occurred.
const window = 32768
const longest = 258
/** The number of places that are tried for a match. */
const tries = 32

/** A function that finds repetitions: at a position, the length of the longest match before it, and the distance to it. */
export type Finder = (at: number, end: number) => readonly [length: number, distance: number]

const none = [0, 0] as const

/** A finder for some bytes. It must be asked for every position in turn, also for those within matches. */
export const finder = (bytes: Uint8Array): Finder => {
  const last = new Int32Array(window).fill(-1)
  const before = new Int32Array(window)
  const hashAt = (i: number): number =>
    (((bytes[i] as number) << 10) ^ ((bytes[i + 1] as number) << 5) ^ (bytes[i + 2] as number)) & (window - 1)
  return (at, end) => {
    if (at + 3 > bytes.length) return none
    const hash = hashAt(at)
    let from = last[hash] as number
    before[at % window] = from
    last[hash] = at
    let [length, distance] = [2, 0]
    const most = Math.min(longest, end - at)
    for (let n = 0; n < tries && from >= 0 && at - from <= window && length < most; n++) {
      if (bytes[from + length] === bytes[at + length]) {
        let i = 0
        while (i < most && bytes[from + i] === bytes[at + i]) i++
        if (i > length) [length, distance] = [i, at - from]
      }
      const next = before[from % window] as number
      if (next >= from) break
      from = next
    }
    return distance === 0 || (length === 3 && distance > 4096) ? none : [length, distance]
  }
}
