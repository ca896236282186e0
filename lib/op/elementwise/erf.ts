import { further } from '../../kernel/wasm/set/further.ts'
import { bounded } from '../activation/hardtanh.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { unary } from './scalarFunction.ts'
import { scale } from './scale.ts'

/**
 * The error function 2/√π ∫₀ˣ exp(−t²) dt, entry by entry. Derivative 2/√π exp(−x²).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.erf(fromNested([0, 6]))) // => [0, 1]
 */
export const erf = /* @__PURE__ */ unary(
  'erf',
  (d, x) => {
    const b = bounded(x)
    return scale(mul(d, exp(neg(mul(b, b)))), 2 / Math.sqrt(Math.PI))
  },
  further,
)
