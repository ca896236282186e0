import type { Eq } from '#fp/Eq'
import { checkOptions } from '../error/options.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { packed } from './pack.ts'
import { sameShape } from './shape.ts'
import { read } from './to.ts'

/** Equality of numbers, with NaN equal to NaN. */
const same = (x: number, y: number): boolean => x === y || (Number.isNaN(x) && Number.isNaN(y))

const anyFormats = (): boolean => true

const every = (
  op: string,
  a: AnyTensor,
  b: AnyTensor,
  comparable: (a: AnyTensor, b: AnyTensor) => boolean,
  holds: (x: number, y: number) => boolean,
): boolean => {
  const [r, s] = [read(op, a), read(op, b)]
  if (a === b) return true
  if (!sameShape(r.shape, s.shape) || !comparable(a, b)) return false
  const [x, y] = [packed(r), packed(s)]
  for (let i = 0; i < x.length; i++) if (!holds(x[i] as number, y[i] as number)) return false
  return true
}

/**
 * Equality of tensors, an fp-ts `Eq`: the same number format, the same shape, equal numbers. NaN equals NaN, so that
 * every tensor equals itself; 0 equals −0.
 *
 * @example
 * import { eqTensor, eye, fromNested } from 'pullback'
 * eqTensor.equals(eye(2), fromNested([[1, 0], [0, 1]])) // => true
 */
export const eqTensor: Eq<AnyTensor> = {
  equals: (a, b) => every('eqTensor', a, b, (x, y) => x.dtype === y.dtype, same),
}

/**
 * True if two tensors of one shape are close: |a − b| ≤ absolute + relative · max(|a|, |b|), entry by entry. Equal
 * infinities are close, NaN is close to NaN. Number formats may differ. Not transitive, hence no `Eq`.
 *
 * @example
 * import { approxEqual, fromNested } from 'pullback'
 * approxEqual(fromNested([1, 2]), fromNested([1, 2.000001])) // => true
 */
export const approxEqual = (
  a: AnyTensor,
  b: AnyTensor,
  options: { readonly relative?: number | undefined; readonly absolute?: number | undefined } = {},
): boolean => {
  checkOptions('approxEqual', options, ['relative', 'absolute'])
  const { relative = 1e-5, absolute = 1e-8 } = options
  return every('approxEqual', a, b, anyFormats, (x, y) => {
    if (same(x, y)) return true
    const size = Math.max(Math.abs(x), Math.abs(y))
    return size < Number.POSITIVE_INFINITY && Math.abs(x - y) <= absolute + relative * size
  })
}
