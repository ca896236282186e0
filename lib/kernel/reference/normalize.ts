// Kernels that normalise the rows of a matrix, or its columns.
import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Kernels, Normalization } from '../kernels.ts'

/** How many rows or columns there are, how many entries each has, and how far the entries, and the rows or columns, lie apart. */
const groupsOf = ({ shape }: Raw, { each }: Normalization) => {
  const [m, n] = shape as readonly [number, number]
  return each === 'row'
    ? { count: m, length: n, step: 1, apart: n, columns: n }
    : { count: n, length: m, step: n, apart: 1, columns: n }
}

export const moments: Kernels['moments'] = (x, o) => {
  const data = packed(x)
  const { count, length, step, apart } = groupsOf(x, o)
  const [mean, variance] = [allocate(x.dtype, count), allocate(x.dtype, count)]
  for (let i = 0; i < count; i++) {
    let [s, q] = [0, 0]
    for (let j = 0; j < length; j++) s += data[i * apart + j * step] as number
    const centre = o.centred ? s / length : 0
    for (let j = 0; j < length; j++) q += ((data[i * apart + j * step] as number) - centre) ** 2
    mean[i] = centre
    variance[i] = q / length
  }
  return [mean, variance]
}

export const normalize: Kernels['normalize'] = (x, scale, shift, mean, variance, o) => {
  const [data, a, b, c, v] = [packed(x), packed(scale), packed(shift), packed(mean), packed(variance)]
  const { count, length, step, apart, columns } = groupsOf(x, o)
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < count; i++) {
    const r = 1 / Math.sqrt((v[i] as number) + o.epsilon)
    for (let j = 0; j < length; j++) {
      const p = i * apart + j * step
      const column = p % columns
      to[p] = ((data[p] as number) - (c[i] as number)) * r * (a[column] as number) + (b[column] as number)
    }
  }
  return to
}

export const normalizePullback: Kernels['normalizePullback'] = (d, x, scale, mean, variance, o) => {
  const [by, data, a, c, v] = [packed(d), packed(x), packed(scale), packed(mean), packed(variance)]
  const { count, length, step, apart, columns } = groupsOf(x, o)
  const dx = allocate(x.dtype, x.size)
  const [dscale, dshift] = [allocate('float64', columns), allocate('float64', columns)]
  for (let i = 0; i < count; i++) {
    const r = 1 / Math.sqrt((v[i] as number) + o.epsilon)
    let [s, t] = [0, 0]
    for (let j = 0; j < length; j++) {
      const p = i * apart + j * step
      const column = p % columns
      const z = ((data[p] as number) - (c[i] as number)) * r
      s += (by[p] as number) * (a[column] as number)
      t += (by[p] as number) * (a[column] as number) * z
      dscale[column] = (dscale[column] as number) + (by[p] as number) * z
      dshift[column] = (dshift[column] as number) + (by[p] as number)
    }
    const level = o.centred ? s / length : 0
    for (let j = 0; j < length; j++) {
      const p = i * apart + j * step
      const z = ((data[p] as number) - (c[i] as number)) * r
      dx[p] = r * ((by[p] as number) * (a[p % columns] as number) - level - (z * t) / length)
    }
  }
  const sums = [dscale, dshift].map((sum) => {
    const to = allocate(x.dtype, columns)
    to.set(sum)
    return to
  })
  return [dx, ...sums] as never
}
