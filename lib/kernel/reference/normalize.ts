// Kernels that normalize the rows of a matrix, or its columns.
import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Normalization, NormalizationKernels } from '../kernels.ts'
import { total } from './total.ts'

/** The number of groups, the number of entries of each, and the position in the matrix of the jth entry of the ith. */
const groupsOf = ({ shape }: Raw, { blocks, groups }: Normalization) => {
  const [m, columns] = shape as readonly [number, number]
  const [height, width] = [m / blocks, columns / groups]
  const place = (i: number, j: number): number =>
    (Math.floor(i / groups) * height + Math.floor(j / width)) * columns + (i % groups) * width + (j % width)
  return { count: blocks * groups, length: blocks * groups === 0 ? 0 : height * width, columns, place }
}

export const moments: NormalizationKernels['moments'] = (x, o) => {
  const data = packed(x)
  const { count, length, place } = groupsOf(x, o)
  const [mean, variance] = [allocate(x.dtype, count), allocate(x.dtype, count)]
  for (let i = 0; i < count; i++) {
    const center = o.centered ? total(length, (j) => data[place(i, j)] as number) / length : 0
    mean[i] = center
    variance[i] = total(length, (j) => ((data[place(i, j)] as number) - center) ** 2) / length
  }
  return [mean, variance]
}

export const normalize: NormalizationKernels['normalize'] = (x, scale, shift, mean, variance, o) => {
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

export const normalizePullback: NormalizationKernels['normalizePullback'] = (d, x, scale, mean, variance, o) => {
  const [by, data, a, c, v] = [packed(d), packed(x), packed(scale), packed(mean), packed(variance)]
  const { count, length, columns, place } = groupsOf(x, o)
  const [dx, dscale, dshift] = [allocate(x.dtype, x.size), allocate(x.dtype, columns), allocate(x.dtype, columns)]
  const z = new Float64Array(x.size)
  for (let i = 0; i < count; i++) {
    const r = 1 / Math.sqrt((v[i] as number) + o.epsilon)
    for (let j = 0; j < length; j++) z[place(i, j)] = ((data[place(i, j)] as number) - (c[i] as number)) * r
    const g = (p: number): number => (by[p] as number) * (a[p % columns] as number)
    const level = o.centered ? total(length, (j) => g(place(i, j))) / length : 0
    const tilt = total(length, (j) => g(place(i, j)) * (z[place(i, j)] as number)) / length
    for (let j = 0; j < length; j++) {
      const p = place(i, j)
      dx[p] = r * (g(p) - level - (z[p] as number) * tilt)
    }
  }
  const rows = count === 0 ? 0 : x.size / columns
  for (let k = 0; k < columns; k++) {
    dscale[k] = total(rows, (i) => (by[i * columns + k] as number) * (z[i * columns + k] as number))
    dshift[k] = total(rows, (i) => by[i * columns + k] as number)
  }
  return [dx, dscale, dshift]
}
