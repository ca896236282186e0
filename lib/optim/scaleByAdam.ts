import { ValueError } from '../error/tensorError.ts'
import { type AdamStep, adamStep } from '../op/adam.ts'
import { zerosOf } from '../transform/vjp.ts'
import { type Tree, zipMany } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import type { StateFn, Transformation } from './transformation.ts'

/** The number of updates so far, and the running means of the gradients and of their squares. */
export interface Moments<P> {
  readonly count: number
  readonly mu: P
  readonly nu: P
}
export interface WithMoments extends StateFn {
  readonly state: Moments<this['params']>
}
export interface AdamOptions {
  /** How much of the mean gradient stays at each step. */
  readonly b1?: number
  /** How much of the mean square stays at each step. */
  readonly b2?: number
  /** Added to the root, not under it. */
  readonly eps?: number
}

/** bⁿ by squaring: `**` gives other bits on other machines. */
const power = (b: number, n: number): number => {
  let result = 1
  for (let [square, left] = [b, n]; left >= 1; [square, left] = [square * square, Math.floor(left / 2)])
    if (left % 2 === 1) result *= square
  return result
}

/**
 * Adam's scaling: with μ ← b1 μ + (1 − b1) g and ν ← b2 ν + (1 − b2) g², both begun at zero, the update after t steps is
 * (μ / (1 − b1ᵗ)) / (√(ν / (1 − b2ᵗ)) + eps). Kingma and Ba, "Adam: a method for stochastic optimization" (2015); epsilon
 * outside the root, as there and in PyTorch.
 *
 * @example
 * import { fromNested, scaleByAdam, toNested } from 'pullback'
 * const t = scaleByAdam()
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [1, -1]
 */
export const scaleByAdam = ({ b1 = 0.9, b2 = 0.999, eps = 1e-8 }: AdamOptions = {}): Transformation<WithMoments> => {
  for (const b of [b1, b2])
    if (!(b >= 0 && b < 1))
      throw new ValueError({ op: 'scaleByAdam', expected: 'b1 and b2 from 0 up to 1', actual: `${b1}, ${b2}` })
  if (!(eps >= 0))
    throw new ValueError({ op: 'scaleByAdam', expected: 'an eps that is not negative', actual: `${eps}` })
  return {
    init: <P extends Tree>(params: P) => ({ count: 0, mu: zerosOf(params), nu: zerosOf(params) }),
    update: <P extends Tree>(updates: P, state: Moments<P>) => {
      const count = state.count + 1
      const numbers = { b1, b2, eps, c1: 1 - power(b1, count), c2: 1 - power(b2, count) }
      const step = (g: AnyTensor, mu: AnyTensor, nu: AnyTensor) =>
        adamStep(g as Tensor, mu as Tensor, nu as Tensor, numbers)
      const [scaled, mu, nu] = zipMany<P>([updates, state.mu, state.nu], 3, step as (...ts: AnyTensor[]) => AdamStep)
      return [scaled as P, { count, mu: mu as P, nu: nu as P }]
    },
  }
}
