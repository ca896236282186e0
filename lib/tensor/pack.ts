import type { Data } from './data.ts'
import { allocate } from './data.ts'
import { checkLive, isInEngine } from './released.ts'
import { numbersOf } from './resident.ts'
import { type Layout, stridesOf } from './shape.ts'
import type { Raw } from './view.ts'

/** True if the entries lie one after the other, in row-major order. */
export const isContiguous = ({ shape, stride, size }: Raw): boolean => {
  if (size === 0) return true
  let n = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    const length = shape[i] as number
    if (length !== 1 && stride[i] !== n) return false
    n *= length
  }
  return true
}

/**
 * Copies the entries of one layout to another of the same shape, in row-major order. The numbers of a tensor released
 * by a step cannot be copied: that is an error.
 */
export const copyEntries = (op: string, x: Raw, to: Data, { stride, offset }: Omit<Layout, 'shape'>): void => {
  checkLive(op, x)
  moveEntries(x, numbersOf(x.buffer), to, { stride, offset })
}

/** `copyEntries` for any arrays. Without entries it does nothing, however many empty rows there are. */
export const moveEntries = <A>(
  { shape, stride, offset }: Layout,
  from: ArrayLike<A>,
  to: { [i: number]: A },
  at: Omit<Layout, 'shape'>,
): void => {
  const rank = shape.length
  if (shape.includes(0)) return
  if (rank === 0) {
    to[at.offset] = from[offset] as A
    return
  }
  const [n, s, t] = [shape[rank - 1] as number, stride[rank - 1] as number, at.stride[rank - 1] as number]
  const go = (axis: number, p: number, q: number): void => {
    if (axis === rank - 1) {
      for (let i = 0; i < n; i++) to[q + i * t] = from[p + i * s] as A
      return
    }
    const [m, u, v] = [shape[axis] as number, stride[axis] as number, at.stride[axis] as number]
    for (let i = 0; i < m; i++) go(axis + 1, p + i * u, q + i * v)
  }
  go(0, offset, at.offset)
}

/** The entries in a fresh row-major buffer. */
export const copied = (x: Raw): Data => {
  if (isContiguous(x)) return numbersOf(checkLive('engine', x).buffer).slice(x.offset, x.offset + x.size)
  const data = allocate(x.dtype, x.size)
  copyEntries('engine', x, data, { stride: stridesOf(x.shape), offset: 0 })
  return data
}

/** The entries in row-major order: the buffer itself or a part of it, if they lie so; else a copy. For reading only. */
export const packed = (x: Raw): Data => {
  if (!isContiguous(x)) return copied(x)
  const data = numbersOf(checkLive('engine', x).buffer)
  return data.length === x.size ? data : data.subarray(x.offset, x.offset + x.size)
}

/** `packed` for those who read on after the step: what lies in the memory of the engine is copied. */
export const lasting = (x: Raw): Data => {
  const data = packed(x)
  return isInEngine(data) ? data.slice() : data
}
