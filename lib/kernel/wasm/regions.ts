import { ValueError } from '../../error/tensorError.ts'

/** Two regions of a memory, one from the bottom up and one from the top down, of which one is in use. */
export interface Regions {
  readonly buffer: () => ArrayBufferLike
  /** The address of fresh bytes, at a multiple of 64, with room behind them for a vector: loops have no tail. */
  readonly reserve: (bytes: number) => number
  /** The addresses that the region in use has given out. */
  readonly used: () => readonly [from: number, to: number]
  /**
   * Marks the position of the region in use; tells whether an address was given out after a mark; and returns to it.
   */
  readonly mark: () => number
  readonly isAfter: (mark: number, at: number) => boolean
  readonly rewind: (mark: number) => void
  /** Empties the region in use. */
  readonly release: () => void
  /** Switches to the other region, and empties it. */
  readonly turn: () => void
  /**
   * The address of bytes that stay, outside of both regions. Both are emptied, and the memory may grow; undefined if more
   * than half of all memory would be claimed, of which steps without programs need the rest.
   */
  readonly claim: (bytes: number) => number | undefined
  /** Gives claimed bytes back. */
  readonly disclaim: (at: number) => void
  /** Runs a function that allocates; if the memory is too small it grows, and the function is run again. */
  readonly fitting: <A>(run: () => A, onGrowth: () => void) => A
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** Thrown when there is no room: the function that needed it runs again in a larger memory. */
class Exhausted extends Error {
  override readonly name = 'Exhausted'
}

const page = 65_536
const unit = 64
/** The bytes that a kernel may write past the end of its result: the rest of a vector. */
const vector = 16

/** The bytes that a part of the memory takes: a multiple of 64, with room for a vector behind it. */
export const room = (bytes: number): number => Math.ceil((bytes + vector) / unit) * unit

/** Doubles the size of a memory, up to its maximum, or grows it at least by the bytes needed. */
const grown = (memory: WebAssembly.Memory, maximum: number, bytes: number): boolean => {
  const pages = memory.buffer.byteLength / page
  const needed = Math.ceil(bytes / page)
  for (const more of [Math.max(pages, needed), maximum - pages, needed])
    try {
      if (more < needed || pages + more > maximum) continue
      memory.grow(more)
      return true
    } catch (e) {
      if (!(e instanceof RangeError)) throw e
    }
  return false
}

/** Claimed memory: who gives it back leaves a gap, which a claim of about that size takes. */
const makeClaims = () => {
  const sizes = new Map<number, number>()
  const gaps = new Map<number, number>()
  /** Where the gap begins that ends at an address. */
  const begins = new Map<number, number>()
  const close = (at: number): void => {
    begins.delete(at + (gaps.get(at) as number))
    gaps.delete(at)
  }
  return {
    add: (at: number, bytes: number): void => {
      sizes.set(at, bytes)
    },
    reuse: (bytes: number): number | undefined => {
      for (const [at, size] of gaps)
        if (size >= bytes && size <= 2 * bytes) {
          close(at)
          return at
        }
      return undefined
    },
    /** Leaves a gap; returns where the claims end, without gaps at their end. */
    end: (at: number, end: number): number => {
      const size = sizes.get(at) as number
      gaps.set(at, size)
      begins.set(at + size, at)
      let last = end
      for (let at = begins.get(last); at !== undefined; at = begins.get(last)) {
        close(at)
        last = at
      }
      return last
    },
  }
}

/** The regions of a memory from the address `start` on, which may grow to a maximum of pages. */
export const makeRegions = (memory: WebAssembly.Memory, start: number, maximum: number): Regions => {
  let { buffer } = memory
  let base = start
  const claims = makeClaims()
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
  let wanted = 0
  let held = 0
  const reserve = (bytes: number): number => {
    const n = room(bytes)
    if (high - low < n) {
      wanted = n
      held = buffer.byteLength - (high - low)
      throw new Exhausted(`no room for ${mebibytes(n)}: the step is begun again in a larger memory`)
    }
    if (!upward) {
      high -= n
      return high
    }
    low += n
    return low - n
  }
  /** Empties both regions, and grows the memory if possible. */
  const grow = (): boolean => {
    const more = grown(memory, maximum, wanted)
    wanted = 0
    buffer = memory.buffer
    ;[low, high] = [base, buffer.byteLength - unit]
    return more
  }
  // The error for want of room may be caught on its way, by a layer that adds a path to errors: so it is recorded and
  // checked here.
  const fitting = <A>(run: () => A, onGrowth: () => void): A => {
    for (let last = false; ; ) {
      wanted = 0
      let result: (() => A) | undefined
      try {
        const value = run()
        result = () => value
      } catch (e) {
        result = () => {
          throw e
        }
      }
      if (wanted === 0) return result()
      if (last)
        throw new ValueError({
          op: 'allocate',
          expected: 'numbers that fit in memory',
          actual: `${mebibytes(wanted)} where ${mebibytes(held)} of ${mebibytes(buffer.byteLength)} are in use, and there is no more`,
          code: 'too-large',
          remedy: 'use smaller minibatches or fewer units',
        })
      last = !grow()
      onGrowth()
    }
  }
  const claim = (bytes: number): number | undefined => {
    const n = room(bytes)
    const free = claims.reuse(n)
    if (free !== undefined) return free
    if (base + n > (maximum * page) / 2) return undefined
    return fitting(
      () => {
        ;[low, high] = [base, buffer.byteLength - unit]
        reserve(n)
        const at = base
        base += n
        ;[low, high] = [base, buffer.byteLength - unit]
        claims.add(at, n)
        return at
      },
      () => {},
    )
  }
  return {
    buffer: () => buffer,
    claim,
    disclaim: (at) => {
      base = claims.end(at, base)
    },
    reserve,
    mark: () => (upward ? low : high),
    isAfter: (mark, at) => (upward ? at >= mark : at < mark),
    rewind: (mark) => {
      if (upward) low = mark
      else high = mark
    },
    used: () => (upward ? [base, low] : [high, buffer.byteLength - unit]),
    release,
    turn,
    fitting,
  }
}
