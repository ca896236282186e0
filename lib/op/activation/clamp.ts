import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import { ValueError } from '../../error/tensorError.ts'
import { full } from '../../tensor/create.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { entrywise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { plain } from '../elementwise/option.ts'
import { greaterEqual } from '../step/compare.ts'

const atLeast = /* @__PURE__ */ entrywise('atLeast')
const atMost = /* @__PURE__ */ entrywise('atMost')

type Clamp = <S extends Shape, D extends Float>(x: Tensor<S, D>, min: number, max: number) => Tensor<S, D>

/**
 * Entries below min become min, and those above max become max; NaN stays NaN. The derivative is 1 from min to max,
 * both included, and 0 beyond, as PyTorch's `clamp`. Give ∓Infinity for no bound. A min above max is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.clamp(fromNested([-3, 0.5, 3]), 0, 1)) // => [0, 0.5, 1]
 */
export const clamp = /* @__PURE__ */ primitive<Clamp>(
  'clamp',
  (x, min, max) => {
    if (!(plain('clamp', min) <= plain('clamp', max)))
      throw new ValueError({ op: 'clamp', expected: 'min ≤ max', actual: `${min}, ${max}` })
    return atMost(atLeast(x, min), max)
  },
  (_, x, min, max) =>
    function clampPullback(d) {
      const bound = (k: number): Tensor => full<Shape, Float>(x.shape, k, x.dtype)
      return [() => mul(d, mul(greaterEqual(x, bound(min)), greaterEqual(bound(max), x))), null, null]
    },
  leading,
)
