import { ValueError } from '../../error/tensorError.ts'

/** Two regions of a memory, one from the bottom up and one from the top down, of which one is in use. */
export interface Regions {
  readonly buffer: () => ArrayBufferLike
  /** The address of so many fresh bytes, at a multiple of 64 and padded to it: loops over vectors have no tail. */
  readonly reserve: (bytes: number) => number
  /** Whether an address is one that the region in use has given out. */
  readonly holds: (at: number) => boolean
  /** The addresses that the region in use has given out. */
  readonly used: () => readonly [from: number, to: number]
  /** Empties the region in use. */
  readonly release: () => void
  /** Turns to the other region, and empties it. */
  readonly turn: () => void
  /** Runs what needs room; where there is not enough the memory grows, and it is run again. */
  readonly fitting: <A>(run: () => A, onGrowth: () => void) => A
}

/** There is no room: what asked for it runs again in a larger memory. */
class Exhausted {
  readonly bytes: number
  constructor(bytes: number) {
    this.bytes = bytes
  }
}

const page = 65_536
const unit = 64

/** Grows a memory to twice its size, or by what is needed if that is more or there is no more. */
const grown = (memory: WebAssembly.Memory, bytes: number): boolean => {
  const needed = Math.ceil(bytes / page)
  for (const pages of [Math.max(memory.buffer.byteLength / page, needed), needed])
    try {
      memory.grow(pages)
      return true
    } catch (e) {
      if (!(e instanceof RangeError)) throw e
    }
  return false
}

/** The regions of a memory from the address `base` on. */
export const makeRegions = (memory: WebAssembly.Memory, base: number): Regions => {
  let { buffer } = memory
  let [low, high] = [base, buffer.byteLength - unit]
  let upward = true

  const release = (): void => {
    if (upward) low = base
    else high = buffer.byteLength - unit
  }
  const turn = (): void => {
    upward = !upward
    release()
  }
  const reserve = (bytes: number): number => {
    const n = bytes + unit - (bytes % unit)
    if (high - low < n) throw new Exhausted(n)
    if (!upward) {
      high -= n
      return high
    }
    low += n
    return low - n
  }
  const fitting = <A>(run: () => A, onGrowth: () => void): A => {
    for (;;)
      try {
        return run()
      } catch (e) {
        if (!(e instanceof Exhausted)) throw e
        const free = high - low
        const enough = grown(memory, e.bytes)
        buffer = memory.buffer
        turn()
        turn()
        onGrowth()
        if (!enough)
          throw new ValueError({
            op: 'allocate',
            expected: 'numbers that fit in memory',
            actual: `${e.bytes} bytes where ${free} of ${buffer.byteLength} are free`,
            remedy: 'use smaller minibatches or fewer units',
          })
      }
  }
  return {
    buffer: () => buffer,
    reserve,
    holds: (at) => (upward ? at < low : at >= high),
    used: () => (upward ? [base, low] : [high, buffer.byteLength - unit]),
    release,
    turn,
    fitting,
  }
}
