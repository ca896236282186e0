import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import { bounded } from '../activation/hardtanh.ts'
import type { Unary } from '../signature.ts'
import { mapped } from './elementwise.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { scale } from './scale.ts'

/**
 * The error function 2/√π ∫₀ˣ exp(−t²) dt, entry by entry. Derivative 2/√π exp(−x²).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.erf(fromNested([0, 6]))) // => [0, 1]
 */
export const erf = /* @__PURE__ */ primitive<Unary>(
  'erf',
  mapped('erf'),
  (_, x) =>
    function erfPullback(d) {
      const b = bounded(x)
      return [() => scale(mul(d, exp(neg(mul(b, b)))), 2 / Math.sqrt(Math.PI))]
    },
  leading,
)
