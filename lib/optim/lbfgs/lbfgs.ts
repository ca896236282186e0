import { scoped } from '../../diff/scope.ts'
import { checkOptions } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import { abs } from '../../op/elementwise/abs.ts'
import { max } from '../../op/reduce/max.ts'
import { sum } from '../../op/reduce/sum.ts'
import { getVectorSpace } from '../../op/tree/vectorSpace.ts'
import { checkCount, checkNotNegative } from '../../tensor/range.ts'
import { item } from '../../tensor/to.ts'
import { type ScalarFunction, valueAndGrad } from '../../transform/grad.ts'
import { leaves, type Tree } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { type OnLine, strongWolfe } from './strongWolfe.ts'

/** The state of the search for a minimum. */
export interface Minimum<P> {
  readonly step: number
  readonly params: P
  readonly value: number
  readonly gradient: P
  /** The number of times the function and its gradient have been computed. */
  readonly evaluations: number
  /** The most recent steps, each with the change of the gradient along it. */
  readonly history: readonly Pair<P>[]
}
interface Pair<P> {
  readonly s: P
  readonly y: P
  readonly sy: number
}

export interface LbfgsOptions {
  /** The number of steps remembered. */
  readonly history?: number | undefined
  /** The largest number of steps. */
  readonly steps?: number | undefined
  /** The search ends where no entry of the gradient is larger than this share of the largest entry at the start. */
  readonly gradient?: number | undefined
  /** The search ends after a step whose decrease is at most this share of the total decrease so far. */
  readonly change?: number | undefined
  /** The largest number of points that a line search may try. */
  readonly tries?: number | undefined
}

const largest = (tree: Tree): number =>
  leaves(tree).reduce((m, t) => (t.size === 0 ? m : Math.max(m, item(max(abs(t as Tensor))))), 0)

/**
 * −H g, where H is the inverse Hessian estimated from the remembered steps: the two loops of Nocedal and Wright,
 * algorithm 7.4.
 */
const direction = <P extends Tree>({ gradient, history }: Minimum<P>): P => {
  const V = getVectorSpace(gradient)
  const last = history[history.length - 1]
  let q = gradient
  const shares = [...history].reverse().map(({ s, y, sy }) => {
    const share = V.dot(s, q) / sy
    q = V.concat(q, V.scale(-share, y))
    return share
  })
  if (last !== undefined) q = V.scale(last.sy / V.dot(last.y, last.y), q)
  history.forEach(({ s, y, sy }, i) => {
    q = V.concat(q, V.scale((shares[history.length - 1 - i] as number) - V.dot(y, q) / sy, s))
  })
  return V.scale(-1, q)
}

/**
 * Minimizes a function of a tree of tensors by L-BFGS with a line search for the strong Wolfe conditions (c1 = 1e-4, c2
 * = 0.9). It suits problems whose whole gradient can be computed at each step. It yields every state lazily, as
 * `scanSync` does, and returns the last; the consumer may stop at any time. It ends by itself where the gradient is
 * small, where a step changes almost nothing, or after `steps`. The first step tries the length 1 / ‖g‖₁, later steps
 * try 1. A step s is remembered if its angle to the change y of the gradient is less than a right angle: s · y > 1e-10
 * ‖s‖ ‖y‖.
 *
 * Nothing depends on the scale of the function: for a > 0, a · f + b takes the same steps as f, up to rounding.
 * (PyTorch's `LBFGS` uses absolute bounds.) A function whose value or gradient at the start is not finite is a
 * `ValueError`. The search ends earlier in float32 than in float64. Nocedal and Wright, "Numerical optimization"
 * (2006), chapter 7.
 *
 * @example
 * import { fromNested, lbfgs, op, toNested, type Tensor } from 'pullback'
 * const f = ({ x }: { readonly x: Tensor<readonly [2]> }) => op.sum(op.mul(op.shift(x, -3), op.shift(x, -3)))
 * const states = [...lbfgs(f)({ x: fromNested([0, 10], 'float64') })]
 * states.slice(-1).map(({ params }) => toNested(params.x)) // => [[3, 3]]
 */
export const lbfgs = <P extends Tree>(f: ScalarFunction<P>, options: LbfgsOptions = {}) => {
  checkOptions('lbfgs', options, ['history', 'steps', 'gradient', 'change', 'tries'])
  const { history = 10, steps = 100, gradient: flat = 1e-10, change = 1e-12, tries = 25 } = options
  checkCount('lbfgs', { history, steps, tries })
  checkNotNegative('lbfgs', { gradient: flat, change })
  const at = (params: P) => {
    const [value, gradient] = valueAndGrad(f)(params)
    return { params, value: item(value), gradient }
  }
  const next = (from: Minimum<P>): Minimum<P> | undefined => {
    const V = getVectorSpace(from.gradient)
    const d = direction(from)
    let evaluations = from.evaluations
    const along = (t: number): OnLine & ReturnType<typeof at> => {
      evaluations++
      const there = at(V.concat(from.params, V.scale(t, d)))
      return { t, slope: V.dot(there.gradient, d), ...there }
    }
    const start = { t: 0, slope: V.dot(from.gradient, d), ...from }
    if (!(start.slope < 0)) return undefined
    const sizes = leaves(from.gradient).map((t) => item(sum(abs(t as Tensor))))
    const first = from.history.length === 0 ? 1 / sizes.reduce((a, b) => a + b, 0) : 1
    const found = strongWolfe(along, start, first, { c1: 1e-4, c2: 0.9, tries })
    if (!(found.value < from.value)) return undefined
    const s = V.scale(found.t, d)
    const y = V.concat(found.gradient, V.scale(-1, from.gradient))
    const sy = V.dot(s, y)
    const { params, value, gradient } = found
    const acute = sy > 1e-10 * Math.sqrt(V.dot(s, s)) * Math.sqrt(V.dot(y, y))
    const kept = acute ? [...from.history, { s, y, sy }].slice(-history) : from.history
    return { step: from.step + 1, params, value, gradient, evaluations, history: kept }
  }
  return function* minimise(params: P): Generator<Minimum<P>, Minimum<P>> {
    let state: Minimum<P> = { step: 0, ...scoped(() => at(params)), evaluations: 1, history: [] }
    if (!Number.isFinite(state.value))
      throw new ValueError({
        op: 'lbfgs',
        expected: 'a finite value at the start',
        actual: `${state.value}`,
        code: 'not-finite',
      })
    const steepest = largest(state.gradient)
    if (!Number.isFinite(steepest))
      throw new ValueError({
        op: 'lbfgs',
        expected: 'a finite gradient at the start',
        actual: `an entry of ${steepest}`,
        code: 'not-finite',
      })
    const highest = state.value
    while (state.step < steps && largest(state.gradient) > flat * steepest) {
      const before = state
      const after = scoped(() => next(before))
      if (after === undefined) break
      state = after
      yield state
      if (before.value - after.value <= change * (highest - after.value)) break
    }
    return state
  }
}
