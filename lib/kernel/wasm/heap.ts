import { arrays, type Data, type DataOf } from '../../tensor/data.ts'
import { isContiguous, moveEntries } from '../../tensor/pack.ts'
import { checkLive, guard, released } from '../../tensor/released.ts'
import { spanOf, stridesOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { DType } from '../../type/tensor.ts'
import type { Engine } from '../engine.ts'
import type { KernelExports } from './exports.ts'
import { makeLive } from './live.ts'
import type { Place, ScopedHeap } from './memory.ts'
import { moveRecord } from './moveRecord.ts'
import { makeRegions } from './regions.ts'
import { type Copies, spoil } from './spoil.ts'

/** Fewer entries are moved faster here than by a call. */
const few = 64

const widthOf = (x: Raw): number => x.buffer.BYTES_PER_ELEMENT

/**
 * A heap on a memory, from the address `base` on. A kernel's arguments are copied in, and its result out. Within a
 * scope results stay in the memory; those that the scope keeps are copied out, and all others are released at its end.
 *
 * Scopes alternate between the two regions of the memory. So the results that a scope has kept are still there during
 * the next one, and need not be copied in again.
 *
 * Memory grows only between scopes, when there is no view of it that could become stale: a step that does not fit is
 * run again. (It may be: kernels and steps are pure functions.) A tensor that has escaped from its scope is detected:
 * it was not made by the current scope. With `poison`, released numbers also become NaN.
 */
export const makeHeap = (
  memory: WebAssembly.Memory,
  { move }: Pick<KernelExports, 'move'>,
  base: number,
  { pages, poison }: { readonly pages: number; readonly poison: boolean },
): ScopedHeap => {
  const {
    claim: claimed,
    disclaim,
    buffer,
    reserve,
    mark,
    isAfter,
    rewind,
    used,
    release,
    turn,
    fitting,
  } = makeRegions(memory, base, pages)
  let open = false
  const live = makeLive()
  let copies: Copies = new Map()
  let words = new Int32Array(buffer())

  /** Starts with a new or larger memory, which holds no known entries. */
  const begin = (): void => {
    copies = new Map()
    words = new Int32Array(buffer())
    guard(buffer(), live.has)
  }
  const numbers = <D extends DType>(dtype: D, at: number, n: number): DataOf[D] =>
    new arrays[dtype](buffer() as ArrayBuffer, at, n) as unknown as DataOf[D]

  /** Copies the entries from `from` to `to` of a buffer in; returns the address of its entry 0. */
  const copyIn = (x: Raw, from: number, to: number): number => {
    const { buffer: data } = x
    const found = copies.get(data)
    if (found !== undefined && found.from <= from && to <= found.to) return found.at
    const start = reserve((to - from) * widthOf(x))
    const whole = to - from === data.length
    numbers(x.dtype, start, to - from).set(whole ? data : data.subarray(from, to))
    const at = start - from * widthOf(x)
    if (open) copies.set(data, { at, from, to })
    return at
  }

  const write = (integers: readonly number[]): number => {
    const at = reserve(4 * integers.length)
    for (let i = 0; i < integers.length; i++) words[at / 4 + i] = integers[i] as number
    return at
  }

  const isInside = (x: Raw): boolean => {
    const { buffer: data } = x
    if (data.byteOffset !== 0 && data.buffer === buffer()) {
      if (live.has(data)) return true
      throw released('engine')
    }
    checkLive('engine', x)
    return false
  }

  const place = (x: Raw): Place => {
    const { stride, offset } = x
    const skip = offset * widthOf(x)
    if (isInside(x)) return { at: x.buffer.byteOffset + skip, stride }
    if (x.buffer.length === x.size || x.size === 0) return { at: copyIn(x, 0, x.size) + skip, stride }
    const [from, to] = spanOf(x)
    const sparse = to - from > 2 * x.size
    return sparse ? { at: packed(x), stride: stridesOf(x.shape) } : { at: copyIn(x, from, to) + skip, stride }
  }

  const packed = (x: Raw): number => {
    const inside = isInside(x)
    if (isContiguous(x)) {
      const at = inside ? x.buffer.byteOffset : copyIn(x, x.offset, x.offset + x.size)
      return at + x.offset * widthOf(x)
    }
    const [at, stride] = [reserve(x.size * widthOf(x)), stridesOf(x.shape)]
    const [first, end] = spanOf(x)
    if (x.size < few || (!inside && end - first > 2 * x.size))
      moveEntries(x, x.buffer, numbers(x.dtype, at, x.size), { stride, offset: 0 })
    else {
      const from = place(x)
      move(from.at, at, write(moveRecord(x.shape, from.stride, stride)), widthOf(x))
    }
    return at
  }

  /**
   * n numbers at an address, in a buffer of their own. Many are copied faster as bytes; shared bytes would remain
   * shared.
   */
  const copyOut = <D extends DType>(dtype: D, at: number, n: number): DataOf[D] => {
    const Type = arrays[dtype]
    const own = buffer()
    const many = n > 1024 && own instanceof ArrayBuffer
    if (many) return new Type(own.slice(at, at + n * Type.BYTES_PER_ELEMENT)) as unknown as DataOf[D]
    const data = new Type(n) as unknown as DataOf[D]
    data.set(numbers(dtype, at, n))
    return data
  }

  const result = <D extends DType>(dtype: D, at: number, n: number): DataOf[D] => {
    if (!open) return copyOut(dtype, at, n)
    const data = numbers(dtype, at, n)
    live.add(data)
    return data
  }

  const ended = new FinalizationRegistry(disclaim)
  const claim = (bytes: number, owner: object): number | undefined => {
    if (open) return undefined
    const before = buffer()
    let at: number | undefined
    try {
      at = claimed(bytes)
    } catch {} // no memory: what has no program may need less
    copies = new Map()
    if (buffer() !== before) begin()
    if (at !== undefined) ended.register(owner, at, owner)
    return at
  }
  const giveBack: ScopedHeap['giveBack'] = (at, owner) => {
    ended.unregister(owner)
    disclaim(at)
  }

  const run = <A>(kernel: () => A): A => {
    if (open) return kernel()
    try {
      return fitting(kernel, begin)
    } finally {
      release()
    }
  }

  /** A scope within another: results that it does not keep are released at its end, and their room is reused. */
  const innerScope: Engine['scope'] = (step) => {
    const [start, count] = [mark(), live.count()]
    const keep = (x: Raw): Data =>
      isInside(x) && isAfter(start, x.buffer.byteOffset) ? copyOut(x.dtype, packed(x), x.size) : x.buffer
    try {
      return step(keep)
    } finally {
      live.keep(count)
      for (const [data, { at, from }] of copies)
        if (isAfter(start, at + from * data.BYTES_PER_ELEMENT)) copies.delete(data)
      if (poison) new Uint8Array(buffer()).fill(0xff, Math.min(start, mark()), Math.max(start, mark()))
      rewind(start)
    }
  }

  const scope: Engine['scope'] = (step) => {
    if (open) return innerScope(step)
    return fitting(() => {
      const kept: Copies = new Map()
      const done = new Map<Raw, Data>()
      const keep = (x: Raw): Data => {
        if (!isInside(x)) return x.buffer
        const before = done.get(x)
        if (before !== undefined) return before
        const at = packed(x)
        const data = copyOut(x.dtype, at, x.size)
        kept.set(data, { at, from: 0, to: x.size })
        done.set(x, data)
        return data
      }
      open = true
      try {
        return step(keep)
      } finally {
        open = false
        live.keep(0)
        if (poison) spoil(buffer(), used(), kept)
        copies = kept
        turn()
      }
    }, begin)
  }

  begin()
  return { isOpen: () => open, run, reserve, buffer, claim, giveBack, place, packed, write, result, scope }
}
