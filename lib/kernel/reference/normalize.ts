// Kernels that normalise the rows of a matrix, or its columns.
import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Kernels, Normalization } from '../kernels.ts'

/** How many groups there are in all, how many entries each has, and where in the matrix the jth of the ith is. */
const groupsOf = ({ shape }: Raw, { blocks, groups }: Normalization) => {
  const [m, columns] = shape as readonly [number, number]
  const [height, width] = [m / blocks, columns / groups]
  const place = (i: number, j: number): number =>
    (Math.floor(i / groups) * height + Math.floor(j / width)) * columns + (i % groups) * width + (j % width)
  return { count: blocks * groups, length: blocks * groups === 0 ? 0 : height * width, columns, place }
}

export const moments: Kernels['moments'] = (x, o) => {
  const data = packed(x)
  const { count, length, place } = groupsOf(x, o)
  const [mean, variance] = [allocate(x.dtype, count), allocate(x.dtype, count)]
  for (let i = 0; i < count; i++) {
    let [s, q] = [0, 0]
    for (let j = 0; j < length; j++) s += data[place(i, j)] as number
    const centre = o.centred ? s / length : 0
    for (let j = 0; j < length; j++) q += ((data[place(i, j)] as number) - centre) ** 2
    mean[i] = centre
    variance[i] = q / length
  }
  return [mean, variance]
}

export const normalize: Kernels['normalize'] = (x, scale, shift, mean, variance, o) => {
  const [data, a, b, c, v] = [packed(x), packed(scale), packed(shift), packed(mean), packed(variance)]
  const { count, length, columns, place } = groupsOf(x, o)
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < count; i++) {
    const r = 1 / Math.sqrt((v[i] as number) + o.epsilon)
    for (let j = 0; j < length; j++) {
      const p = place(i, j)
      const column = p % columns
      to[p] = ((data[p] as number) - (c[i] as number)) * r * (a[column] as number) + (b[column] as number)
    }
  }
  return to
}

export const normalizePullback: Kernels['normalizePullback'] = (d, x, scale, mean, variance, o) => {
  const [by, data, a, c, v] = [packed(d), packed(x), packed(scale), packed(mean), packed(variance)]
  const { count, length, columns, place } = groupsOf(x, o)
  const dx = allocate(x.dtype, x.size)
  const [dscale, dshift] = [allocate('float64', columns), allocate('float64', columns)]
  for (let i = 0; i < count; i++) {
    const r = 1 / Math.sqrt((v[i] as number) + o.epsilon)
    let [s, t] = [0, 0]
    for (let j = 0; j < length; j++) {
      const p = place(i, j)
      const column = p % columns
      const z = ((data[p] as number) - (c[i] as number)) * r
      s += (by[p] as number) * (a[column] as number)
      t += (by[p] as number) * (a[column] as number) * z
      dscale[column] = (dscale[column] as number) + (by[p] as number) * z
      dshift[column] = (dshift[column] as number) + (by[p] as number)
    }
    const level = o.centred ? s / length : 0
    for (let j = 0; j < length; j++) {
      const p = place(i, j)
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
