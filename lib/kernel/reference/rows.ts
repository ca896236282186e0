// Kernels that work on rows: the last axis, or the axes from one on.
import { allocate, type Data } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Kernels } from '../kernels.ts'

/** The number of rows and their length, the last axis being the row. */
const rowsOf = ({ shape, size }: Raw): readonly [rows: number, length: number] => {
  const n = shape[shape.length - 1] as number
  return [n === 0 ? sizeOf(shape.slice(0, -1)) : size / n, n]
}

export const sum: Kernels['sum'] = (x, kept) => {
  const data = packed(x)
  const rows = sizeOf(x.shape.slice(0, kept))
  const n = sizeOf(x.shape.slice(kept))
  const to = allocate(x.dtype, rows)
  for (let i = 0; i < rows; i++) {
    let s = 0
    for (let p = i * n; p < (i + 1) * n; p++) s += data[p] as number
    to[i] = s
  }
  return to
}

/** Whether a number takes the place of the largest one before it: a later equal does not, a NaN does unless there was one. */
export const exceeds = (v: number, largest: number): boolean =>
  v > largest || (Number.isNaN(v) && !Number.isNaN(largest))

export const argmax: Kernels['argmax'] = (x) => {
  const data = packed(x)
  const [rows, n] = rowsOf(x)
  const to = allocate('int32', rows)
  for (let i = 0; i < rows; i++) {
    let best = 0
    for (let j = 1; j < n; j++) if (exceeds(data[i * n + j] as number, data[i * n + best] as number)) best = j
    to[i] = best
  }
  return to
}

/** The largest entry of a row and the sum of exp(x − largest): both finite for any finite row. */
const scaledSum = (data: Data, from: number, n: number): readonly [largest: number, total: number] => {
  let largest = Number.NEGATIVE_INFINITY
  for (let p = from; p < from + n; p++) largest = Math.max(largest, data[p] as number)
  let total = 0
  for (let p = from; p < from + n; p++) total += Math.exp((data[p] as number) - largest)
  return [largest, total]
}

export const logSumExp: Kernels['logSumExp'] = (x) => {
  const data = packed(x)
  const [rows, n] = rowsOf(x)
  const to = allocate(x.dtype, rows)
  for (let i = 0; i < rows; i++) {
    const [largest, total] = scaledSum(data, i * n, n)
    to[i] = Number.isFinite(largest) ? largest + Math.log(total) : largest
  }
  return to
}

export const rows: Kernels['rows'] = (f, x) => {
  const data = packed(x)
  const [count, n] = rowsOf(x)
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < count; i++) {
    const [largest, total] = scaledSum(data, i * n, n)
    const log = Math.log(total)
    for (let p = i * n; p < (i + 1) * n; p++) {
      const v = (data[p] as number) - largest
      to[p] = f === 'softmax' ? Math.exp(v) / total : v - log
    }
  }
  return to
}

export const crossEntropy: Kernels['crossEntropy'] = (x, index) => {
  const [data, labels] = [packed(x), packed(index)]
  const n = rowsOf(x)[1]
  return logSumExp(x).map((v, i) => v - (data[i * n + (labels[i] as number)] as number))
}

export const crossEntropyPullback: Kernels['crossEntropyPullback'] = (x, index, d) => {
  const [labels, by] = [packed(index), packed(d)]
  const n = rowsOf(x)[1]
  return rows('softmax', x).map((p, i) => {
    const row = Math.floor(i / n)
    return (p - Number(i % n === labels[row])) * (by[row] as number)
  })
}
