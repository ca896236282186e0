// Ways down a function of two numbers.
import {
  applyUpdates,
  fromArray,
  item,
  lbfgs,
  op,
  type Scalar,
  type StateFn,
  type Tensor,
  type Transformation,
  toArray,
  valueAndGrad,
} from 'pullback'
import type { Point } from 'pullback/chart'

/** A function of x and y, as a formula of operations. */
export type Formula = (x: Scalar, y: Scalar) => Scalar
type Pair = Tensor<readonly [2]>

export interface Stop {
  readonly at: Point
  readonly value: number
}
const stop = (p: Pair, value: number): Stop => ({ at: toArray(p) as unknown as Point, value })

const pair = (at: Point): Pair => fromArray(at, [2], 'float64')
const ofPair =
  (f: Formula) =>
  (p: Pair): Scalar =>
    f(op.slice(p, [0]) as Scalar, op.slice(p, [1]) as Scalar)

/** The value of a formula at a point. */
export const valueAt =
  (f: Formula) =>
  (at: Point): number =>
    item(ofPair(f)(pair(at)))

/** The path from a point by steps along the transformed gradient. */
export const descend =
  (f: Formula, start: Point, steps: number) =>
  <F extends StateFn>(optimizer: Transformation<F>): readonly Stop[] => {
    let p = pair(start)
    let state = optimizer.init(p)
    return Array.from({ length: steps + 1 }, () => {
      const [value, gradient] = valueAndGrad(ofPair(f))(p)
      const here = stop(p, item(value))
      const [updates, next] = optimizer.update(gradient, state, p)
      p = applyUpdates(p, updates)
      state = next
      return here
    })
  }

/** The path of L-BFGS from a point. */
export const minimise = (f: Formula, start: Point, steps: number): readonly Stop[] => [
  { at: start, value: valueAt(f)(start) },
  ...Array.from(lbfgs(ofPair(f), { steps })(pair(start)), ({ params, value }) => stop(params, value)),
]
