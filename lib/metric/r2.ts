import * as O from '#fp/Option'
import { ShapeError } from '../error/tensorError.ts'
import { floatDType, sameDType } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { Tensor } from '../type/tensor.ts'

/** A power of two near the largest of some numbers: divided by it, their squares neither overflow nor vanish. */
const powerNear = (xs: readonly number[]): number => {
  const largest = xs.reduce((a, x) => Math.max(a, Math.abs(x)), 0)
  return largest > 0 && largest < Number.POSITIVE_INFINITY ? 2 ** Math.floor(Math.log2(largest)) : 1
}

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

/** R² of one output. */
const share = (z: readonly number[], y: readonly number[]): O.Option<number> => {
  const [size, ofBoth] = [powerNear(y), powerNear([...y, ...z])]
  const offsets = y.map((v) => v / size - (y[0] as number) / size) // exactly 0 where all targets are the same
  const center = total(offsets) / y.length
  const spread = total(offsets.map((v) => (v - center) ** 2))
  if (spread === 0) return O.none
  const errors = total(y.map((v, i) => (v / ofBoth - (z[i] as number) / ofBoth) ** 2))
  const ratio = ofBoth / size
  return O.some(1 - (errors / spread) * ratio * ratio)
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
export const r2 = (output: Tensor, target: Tensor): O.Option<number> => {
  floatDType('r2', output)
  sameDType('r2, output and target', output, target)
  if (output.shape.length === 0 || !sameShape(output.shape, target.shape))
    throw new ShapeError({
      op: 'r2',
      expected: 'an output and a target of one shape [batch, …]',
      actual: `${showShape(output.shape)} and ${showShape(target.shape)}`,
    })
  if (output.size === 0) return O.none
  const count = output.size / (output.shape[0] as number)
  const column = (xs: readonly number[], c: number): readonly number[] => xs.filter((_, i) => i % count === c)
  const [z, y] = [toArray(output), toArray(target)]
  const shares = Array.from({ length: count }, (_, c) => share(column(z, c), column(y, c)))
  return O.map((each: readonly number[]) => total(each) / count)(O.sequenceArray(shares))
}
