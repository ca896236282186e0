import { leading } from '../../diff/mapped.ts'
import { fused, type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import type { RowName } from '../../kernel/kernels.ts'
import { ones } from '../../tensor/create.ts'
import { floatDType, most } from '../../tensor/data.ts'
import { axisOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Axis, Reduced } from '../../type/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { maskAbove } from '../activation/relu.ts'
import { exp } from '../elementwise/exp.ts'
import { expm1 } from '../elementwise/expm1.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { shift } from '../elementwise/scale.ts'
import { sub } from '../elementwise/sub.ts'
import { pick } from '../indexing/gather.ts'
import { moveBack, moveLast } from '../shape/transpose.ts'
import type { AlongAxis } from '../signature.ts'
import { argmax } from './max.ts'
import { spread, sum } from './sum.ts'

type Rows = (x: Tensor) => Tensor

/** A number for each row, repeated along it. */
const along = (rows: Tensor, like: Tensor): Tensor => spread(rows, [like.shape.length - 1], like.shape) as Tensor

const rowwise = (f: RowName) => (x: Tensor) => {
  floatDType(f, x)
  return fresh(x.shape, engine().rows(f, raw(x)))
}

/**
 * y (d − Σ d y), after the d of the largest entry is subtracted from each. So the result keeps its digits where one
 * entry of y is 1 to rounding.
 */
export const softmaxPullbackComposite = (d: Tensor, y: Tensor): Tensor => {
  if (y.shape[y.shape.length - 1] === 0) return mul(y, d)
  const lead = sub(d, along(pick(d, argmax(y) as never) as Tensor, d))
  return mul(y, sub(lead, along(sum(mul(lead, y), -1), d)))
}

const pullback = /* @__PURE__ */ fused(softmaxPullbackComposite, (d, y) =>
  fresh(y.shape, engine().softmaxPullback(raw(d), raw(y))),
)

export const softmaxRows: Operation<Rows> = /* @__PURE__ */ primitive<Rows>(
  'softmax',
  rowwise('softmax'),
  (y) =>
    function softmaxPullback(d) {
      return [() => pullback(d, y)]
    },
  leading,
)

export const logSoftmaxRows: Operation<Rows> = /* @__PURE__ */ primitive<Rows>(
  'logSoftmax',
  rowwise('logSoftmax'),
  (y) =>
    function logSoftmaxPullback(d) {
      const others = () => sub(along(sum(d, -1), d), d)
      return [() => sub(neg(mul(d, expm1(y))), mul(exp(y), others()))]
    },
  leading,
)

/** The derivatives of log Σ exp x = y: softmax, and zeros for rows of −∞. */
const shares = (x: Tensor, y: Tensor): Tensor => {
  const empty = maskAbove(ones(y.shape, y.dtype), neg(y), most[y.dtype])
  const some = along(shift(neg(empty), 1), x)
  return maskAbove(softmaxRows(maskAbove(x, some)), some)
}

const logSumExpRows: Operation<Rows> = /* @__PURE__ */ primitive<Rows>(
  'logSumExp',
  (x) => {
    floatDType('logSumExp', x)
    return fresh(x.shape.slice(0, -1), engine().logSumExp(raw(x)))
  },
  (y, x) =>
    function logSumExpPullback(d) {
      return [() => mul(along(d, x), shares(x, y))]
    },
  leading,
)

const alongAxis = (op: string, rows: Rows): AlongAxis =>
  ((x: Tensor, axis?: number) => {
    const at = axisOf(op, x, axis ?? -1)
    return moveBack(rows(moveLast(x, at) as Tensor), at)
  }) as AlongAxis

/**
 * exp xᵢ / Σ exp xⱼ along an axis, the last if none is given: positive numbers that sum to 1. The largest entry is
 * subtracted first, so nothing overflows. Entries of Infinity have equal shares. A row of −Infinity gives NaN.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.softmax(fromNested([1000, 1000]))) // => [0.5, 0.5]
 */
export const softmax = /* @__PURE__ */ alongAxis('softmax', softmaxRows)

/**
 * xᵢ − log Σ exp xⱼ along an axis, the last if none is given: the logarithm of softmax, without its underflow.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.logSoftmax(fromNested([0, 1000]))) // => [-1000, 0]
 */
export const logSoftmax = /* @__PURE__ */ alongAxis('logSoftmax', logSoftmaxRows)

/**
 * log Σ exp xᵢ along an axis, the last if none is given; the axis goes away. No entry overflows. −Infinity for a row of
 * −Infinity and for no entries at all. The derivative is softmax, and 0 for a row of −Infinity.
 *
 * @example
 * import { fromNested, item, op } from 'pullback'
 * item(op.logSumExp(fromNested([1000, -1000]))) // => 1000
 */
export const logSumExp = <S extends Shape, D extends Float, A extends Axis<S> = -1 & Axis<S>>(
  x: Tensor<S, D>,
  axis?: A,
): Tensor<Reduced<S, A>, D> =>
  logSumExpRows(moveLast(x, axisOf('logSumExp', x, axis ?? -1)) as Tensor) as Tensor<Reduced<S, A>, D>
