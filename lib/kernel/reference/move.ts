// Kernels that move entries, by index or by layout.
import { allocate } from '../../tensor/data.ts'
import { copied, copyEntries, packed } from '../../tensor/pack.ts'
import { sizeOf, stridesOf } from '../../tensor/shape.ts'
import type { Kernels } from '../kernels.ts'
import { totals } from './total.ts'

export const copy: Kernels['copy'] = copied

export const cast: Kernels['cast'] = (x, to) => {
  const data = allocate(to, x.size)
  data.set(packed(x))
  return data
}

export const gather: Kernels['gather'] = (x, index) => {
  const [data, ids] = [packed(x), packed(index)]
  const n = sizeOf(x.shape.slice(1))
  const to = allocate(x.dtype, ids.length * n)
  for (let i = 0; i < ids.length; i++) {
    const from = (ids[i] as number) * n
    to.set(data.subarray(from, from + n), i * n)
  }
  return to
}

export const scatterAdd: Kernels['scatterAdd'] = (d, index, count) => {
  const [data, ids] = [packed(d), packed(index)]
  const n = sizeOf(d.shape.slice(index.shape.length))
  const { add, into } = totals(count * n)
  for (let i = 0; i < ids.length; i++) {
    const at = (ids[i] as number) * n
    for (let j = 0; j < n; j++) add(at + j, data[i * n + j] as number)
  }
  return into(allocate(d.dtype, count * n))
}

export const pick: Kernels['pick'] = (x, index) => {
  const [data, ids] = [packed(x), packed(index)]
  const n = x.shape[x.shape.length - 1] as number
  const to = allocate(x.dtype, ids.length)
  for (let i = 0; i < ids.length; i++) to[i] = data[i * n + (ids[i] as number)] as number
  return to
}

export const place: Kernels['place'] = (d, index, n) => {
  const [data, ids] = [packed(d), packed(index)]
  const to = allocate(d.dtype, ids.length * n)
  for (let i = 0; i < ids.length; i++) to[i * n + (ids[i] as number)] = data[i] as number
  return to
}

export const takeAlong: Kernels['takeAlong'] = (x, index) => {
  const [data, ids] = [packed(x), packed(index)]
  const [n, k] = [x.shape[x.shape.length - 1] as number, index.shape[index.shape.length - 1] as number]
  const to = allocate(x.dtype, ids.length)
  for (let i = 0; i < ids.length; i++) to[i] = data[Math.floor(i / k) * n + (ids[i] as number)] as number
  return to
}

export const putAlong: Kernels['putAlong'] = (d, index, n) => {
  const [data, ids] = [packed(d), packed(index)]
  const k = index.shape[index.shape.length - 1] as number
  const size = sizeOf(index.shape.slice(0, -1)) * n
  const { add, into } = totals(size)
  for (let i = 0; i < ids.length; i++) add(Math.floor(i / k) * n + (ids[i] as number), data[i] as number)
  return into(allocate(d.dtype, size))
}

export const concat: Kernels['concat'] = (xs, axis) => {
  const [first] = xs as readonly [(typeof xs)[number], ...typeof xs]
  const shape = [...first.shape]
  shape[axis] = xs.reduce((n, x) => n + (x.shape[axis] as number), 0)
  const to = allocate(first.dtype, sizeOf(shape))
  const stride = stridesOf(shape)
  let offset = 0
  for (const x of xs) {
    copyEntries('concat', x, to, { stride, offset })
    offset += (x.shape[axis] as number) * (stride[axis] as number)
  }
  return to
}

export const padTo: Kernels['padTo'] = (d, shape, at) => {
  const to = allocate(d.dtype, sizeOf(shape))
  copyEntries('padTo', d, to, at)
  return to
}
