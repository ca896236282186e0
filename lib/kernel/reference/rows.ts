// Kernels that work on rows: the last axis, or the axes from one on.
import { allocate, type Data } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Kernels } from '../kernels.ts'
import { total } from './total.ts'

/** The number of rows and their length; the last axis is the row. */
const rowsOf = ({ shape }: Raw): readonly [rows: number, length: number] => [
  sizeOf(shape.slice(0, -1)),
  shape[shape.length - 1] as number,
]

export const sum: Kernels['sum'] = (x, kept) => {
  const data = packed(x)
  const rows = sizeOf(x.shape.slice(0, kept))
  const n = sizeOf(x.shape.slice(kept))
  const to = allocate(x.dtype, rows)
  for (let i = 0; i < rows; i++) to[i] = total(n, (j) => data[i * n + j] as number)
  return to
}

/** True if a number replaces the largest one before it: a later equal does not, a NaN does unless one came before. */
export const exceeds = (v: number, largest: number): boolean =>
  v > largest || (Number.isNaN(v) && !Number.isNaN(largest))

/** The place of the largest of n numbers from an index on, the first of equals. */
const placeOfLargest = (data: Data, from: number, n: number): number => {
  let best = 0
  for (let j = 1; j < n; j++) if (exceeds(data[from + j] as number, data[from + best] as number)) best = j
  return best
}

export const argmax: Kernels['argmax'] = (x) => {
  const data = packed(x)
  const [rows, n] = rowsOf(x)
  const to = allocate('int32', rows)
  for (let i = 0; i < rows; i++) to[i] = placeOfLargest(data, i * n, n)
  return to
}

/** Negative if a number comes before another in ascending order; NaN comes last. */
const ascending = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b || 0

export const argsort: Kernels['argsort'] = (x) => {
  const data = packed(x)
  const [rows, n] = rowsOf(x)
  const to = allocate('int32', x.size)
  for (let i = 0; i < rows; i++) {
    const at = (j: number): number => data[i * n + j] as number
    to.set(
      [...Array(n).keys()].sort((j, k) => ascending(at(j), at(k))),
      i * n,
    )
  }
  return to
}

/** The largest of n numbers from an index on. */
const largestOf = (data: Data, from: number, n: number): number => {
  let largest = Number.NEGATIVE_INFINITY
  for (let p = from; p < from + n; p++) largest = Math.max(largest, data[p] as number)
  return largest
}

/** v − largest, and 0 for v = +∞, when the largest is +∞ too. (A row of −∞ gives NaN.) */
const less = (v: number, largest: number): number => (v === Number.POSITIVE_INFINITY ? 0 : v - largest)

/** log Σ exp(x − largest). The 1 of the largest entry is left out of the sum, so that the others keep their digits. */
const logTotal = (data: Data, from: number, n: number, largest: number): number => {
  const at = data.indexOf(largest, from) - from
  return Math.log1p(total(n, (j) => Math.exp(less(data[from + j] as number, largest)) - Number(j === at)))
}

export const logSumExp: Kernels['logSumExp'] = (x) => {
  const data = packed(x)
  const [rows, n] = rowsOf(x)
  const to = allocate(x.dtype, rows)
  for (let i = 0; i < rows; i++) {
    const largest = largestOf(data, i * n, n)
    to[i] = Number.isFinite(largest) ? largest + logTotal(data, i * n, n, largest) : largest
  }
  return to
}

/** The softmax of each number of a row. */
const softmaxOf = (data: Data, from: number, n: number): ((v: number) => number) => {
  const largest = largestOf(data, from, n)
  const share = (v: number): number => Math.exp(less(v, largest))
  const all = total(n, (j) => share(data[from + j] as number))
  return (v) => share(v) / all
}

const logSoftmaxOf = (data: Data, from: number, n: number): ((v: number) => number) => {
  const largest = largestOf(data, from, n)
  const log = logTotal(data, from, n, largest)
  return (v) => less(v, largest) - log
}

/** The sums of the first entries of n numbers, of the first two, and so on, added up in float64. */
const runningSum = (data: Data, from: number, n: number, to: Data): void => {
  let s = 0
  for (let p = from; p < from + n; p++) {
    s += data[p] as number
    to[p] = s
  }
}

export const rows: Kernels['rows'] = (f, x) => {
  const data = packed(x)
  const [count, n] = rowsOf(x)
  const to = allocate(x.dtype, x.size)
  if (n === 0) return to
  for (let i = 0; i < count; i++) {
    if (f === 'cumsum') {
      runningSum(data, i * n, n, to)
      continue
    }
    const value = (f === 'softmax' ? softmaxOf : logSoftmaxOf)(data, i * n, n)
    for (let p = i * n; p < (i + 1) * n; p++) to[p] = value(data[p] as number)
  }
  return to
}

export const crossEntropy: Kernels['crossEntropy'] = (x, index) => {
  const [data, labels] = [packed(x), packed(index)]
  const n = rowsOf(x)[1]
  const to = allocate(x.dtype, labels.length)
  for (let i = 0; i < to.length; i++) {
    const [largest, own] = [largestOf(data, i * n, n), data[i * n + (labels[i] as number)] as number]
    to[i] = (own === largest ? 0 : largest - own) + logTotal(data, i * n, n, largest)
  }
  return to
}

export const crossEntropyPullback: Kernels['crossEntropyPullback'] = (x, index, d) => {
  const [data, labels, by] = [packed(x), packed(index), packed(d)]
  const n = rowsOf(x)[1]
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < labels.length; i++) {
    const [share, right, k] = [softmaxOf(data, i * n, n), labels[i] as number, by[i] as number]
    const other = (j: number): number => share(data[i * n + j] as number) * Number(j !== right)
    const others = total(n, other)
    for (let j = 0; j < n; j++) to[i * n + j] = (j === right ? -others : other(j)) * k
  }
  return to
}

export const softmaxPullback: Kernels['softmaxPullback'] = (d, y) => {
  const [by, shares] = [packed(d), packed(y)]
  const [rows, n] = rowsOf(y)
  const to = allocate(y.dtype, y.size)
  for (let i = 0; i < rows && n > 0; i++) {
    const at = i * n
    const first = by[at + placeOfLargest(shares, at, n)] as number
    const lead = (j: number): number => (by[at + j] as number) - first
    const mean = total(n, (j) => lead(j) * (shares[at + j] as number))
    for (let j = 0; j < n; j++) to[at + j] = (shares[at + j] as number) * (lead(j) - mean)
  }
  return to
}
