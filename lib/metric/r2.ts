import * as O from '#fp/Option'
import { ShapeError } from '../error/tensorError.ts'
import { floatDType, sameDType } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { Tensor } from '../type/tensor.ts'
import { together } from './classification.ts'
import { type Streaming, streaming } from './streaming.ts'

/** A power of two near the largest of some numbers: divided by it, their squares neither overflow nor vanish. */
const powerNear = (xs: readonly number[]): number => {
  const largest = xs.reduce((a, x) => Math.max(a, Math.abs(x)), 0)
  return largest > 0 && largest < Number.POSITIVE_INFINITY ? 2 ** Math.floor(Math.log2(largest)) : 1
}

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

/**
 * One output over some examples: their number, and the mean of the targets and the squares around it in units of `size`,
 * of the errors in units of `reach`.
 */
export type Spread = {
  readonly count: number
  readonly mean: number
  readonly spread: number
  readonly size: number
  readonly errors: number
  readonly reach: number
}

const spreadOf = (z: readonly number[], y: readonly number[]): Spread => {
  const [size, reach] = [powerNear(y), powerNear([...y, ...z])]
  const first = (y[0] as number) / size
  const offsets = y.map((v) => v / size - first) // exactly 0 where all targets are the same
  const center = total(offsets) / y.length
  return {
    count: y.length,
    mean: first + center,
    spread: total(offsets.map((v) => (v - center) ** 2)),
    size,
    errors: total(y.map((v, i) => (v / reach - (z[i] as number) / reach) ** 2)),
    reach,
  }
}

/** The squares of two parts around their common mean: Chan, Golub and LeVeque, 1979. Units are powers of two. */
const joinedSpread = (a: Spread, b: Spread): Spread => {
  const [size, reach] = [Math.max(a.size, b.size), Math.max(a.reach, b.reach)]
  const [inA, inB] = [a.size / size, b.size / size]
  const count = a.count + b.count
  const apart = b.mean * inB - a.mean * inA
  return {
    count,
    mean: a.mean * inA + (apart * b.count) / count,
    spread: a.spread * inA * inA + b.spread * inB * inB + apart * apart * ((a.count * b.count) / count),
    size,
    errors: a.errors * (a.reach / reach) ** 2 + b.errors * (b.reach / reach) ** 2,
    reach,
  }
}

/** R² of one output. */
const share = ({ spread, size, errors, reach }: Spread): O.Option<number> => {
  const ratio = reach / size
  return spread === 0 ? O.none : O.some(1 - (errors / spread) * ratio * ratio)
}

/**
 * R², the coefficient of determination: 1 − Σ (y − z)² / Σ (y − ȳ)² for target y and output z over the batch, ȳ the
 * mean of the targets: 1 for right outputs, 0 for outputs no better than that mean, negative for worse. Output and
 * target are [batch, …outputs]; with several outputs it is the mean of their R². It is `none` if the targets of an
 * output are all equal, and so for fewer than two examples. Computed in float64. Different shapes are a `ShapeError`.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * import { some } from 'fp-ts/lib/Option.js'
 * metric.r2(fromNested([1, 2, 4]), fromNested([1, 2, 3])) // => some(0.5)
 */
export const r2: Streaming<Tensor, Tensor, readonly Spread[], O.Option<number>> = streaming({
  empty: [],
  of: (output: Tensor, target: Tensor) => spreads(output, target),
  concat: (a: readonly Spread[], b: readonly Spread[]) => together('r2', a, b, joinedSpread),
  value: (outputs: readonly Spread[]) =>
    outputs.length === 0
      ? O.none
      : O.map((each: readonly number[]) => total(each) / outputs.length)(O.sequenceArray(outputs.map(share))),
})

const spreads = (output: Tensor, target: Tensor): readonly Spread[] => {
  floatDType('r2', output)
  sameDType('r2, output and target', output, target)
  if (output.shape.length === 0 || !sameShape(output.shape, target.shape))
    throw new ShapeError({
      op: 'r2',
      expected: 'an output and a target of one shape [batch, …]',
      actual: `${showShape(output.shape)} and ${showShape(target.shape)}`,
    })
  if (output.size === 0) return []
  const count = output.size / (output.shape[0] as number)
  const column = (xs: readonly number[], c: number): readonly number[] => xs.filter((_, i) => i % count === c)
  const [z, y] = [toArray(output), toArray(target)]
  return Array.from({ length: count }, (_, c) => spreadOf(column(z, c), column(y, c)))
}
