import type { Data } from './data.ts'
import { allocate } from './data.ts'
import { checkLive } from './released.ts'
import { stridesOf } from './shape.ts'
import type { Raw } from './view.ts'

/** Whether the entries lie one after the other, in row-major order. */
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

/** Where a view's entries lie. */
export interface Layout {
  readonly shape: Raw['shape']
  readonly stride: Raw['stride']
  readonly offset: number
}

/** Copies the entries of one layout to the entries of another of the same shape, in row-major order. */
export const copyEntries = (
  shape: Raw['shape'],
  from: Data,
  a: Omit<Layout, 'shape'>,
  to: Data,
  b: Omit<Layout, 'shape'>,
): void => {
  const rank = shape.length
  if (rank === 0) {
    to[b.offset] = from[a.offset] as number
    return
  }
  const [n, s, t] = [shape[rank - 1] as number, a.stride[rank - 1] as number, b.stride[rank - 1] as number]
  const go = (axis: number, p: number, q: number): void => {
    if (axis === rank - 1) {
      for (let i = 0; i < n; i++) to[q + i * t] = from[p + i * s] as number
      return
    }
    const [m, u, v] = [shape[axis] as number, a.stride[axis] as number, b.stride[axis] as number]
    for (let i = 0; i < m; i++) go(axis + 1, p + i * u, q + i * v)
  }
  go(0, a.offset, b.offset)
}

/** The entries in a fresh row-major buffer. */
export const copied = (x: Raw): Data => {
  checkLive('engine', x)
  if (isContiguous(x)) return x.data.slice(x.offset, x.offset + x.size)
  const data = allocate(x.dtype, x.size)
  copyEntries(x.shape, x.data, x, data, { stride: stridesOf(x.shape), offset: 0 })
  return data
}

/** The entries in row-major order: the buffer itself, or the part of it, where they lie so; else a copy. To be read only. */
export const packed = (x: Raw): Data => {
  if (!isContiguous(x)) return copied(x)
  checkLive('engine', x)
  return x.data.length === x.size ? x.data : x.data.subarray(x.offset, x.offset + x.size)
}
