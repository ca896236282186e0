import { checkOptions } from '../error/options.ts'
import { abs } from '../op/elementwise/abs.ts'
import { add } from '../op/elementwise/add.ts'
import { cast } from '../op/elementwise/cast.ts'
import { div } from '../op/elementwise/div.ts'
import { mul } from '../op/elementwise/mul.ts'
import { shift } from '../op/elementwise/scale.ts'
import { broadcast } from '../op/reduce/sum.ts'
import { full } from '../tensor/create.ts'
import { checkNotNegative } from '../tensor/range.ts'
import { type Tree, zipTrees } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { checkFlag } from './check.ts'
import { normOfAll } from './clip.ts'

/**
 * The point at which a gradient is taken, from the parameters and the gradient there: the `probe` of a training step.
 */
export type Probe = <P extends Tree>(params: P, gradient: P) => P

export interface SamOptions {
  /** Measures each step by the size of its parameter. */
  readonly adaptive?: boolean | undefined
}

const zipped = <P extends Tree>(a: P, b: P, f: (x: Tensor, y: Tensor) => Tensor): P =>
  zipTrees(a, b, (x, y) => f(x as Tensor, y as Tensor), 'sam')

/**
 * Sharpness-aware minimization, as the `probe` of `trainStep` and `fit`: the gradient is taken at p + radius · g / ‖g‖,
 * where the loss is about the largest near p, so that training prefers flat minima. The norm is that of all parameters
 * together, in float64, with 1e-12 added. Adaptive: p + radius · p² g / ‖p g‖, which does not depend on the scale of
 * the parameters. The radius is 0.05 by default; an adaptive one is ten times as large or more. Foret and others,
 * "Sharpness-aware minimization for efficiently improving generalization" (2021); Kwon and others, "ASAM" (2021).
 *
 * It is no transformation, since a transformation makes an update of a gradient, and this says where the gradient is
 * taken: so it goes with every optimizer. The step runs twice, with the same dropout; its loss, its outputs and the new
 * state of its layers, such as running means, are those of the parameters.
 *
 * @example
 * import { fromNested, key, leastSquares, linear, sam, sgd, start, toNested, trainStep } from 'pullback'
 * const [net, optimizer] = [linear(1, 1), sgd(0.1)]
 * const step = trainStep(net, leastSquares, optimizer, { probe: sam(0.5) })
 * const batch = { input: fromNested([[1], [2]]), target: fromNested([[2], [4]]) }
 * step(start(net, optimizer, key(0)), batch)[0].step // => 1
 * toNested(sam(5)({ b: fromNested([1, 1]) }, { b: fromNested([3, 4]) }).b) // => [4, 5]
 */
export const sam = (radius = 0.05, options: SamOptions = {}): Probe => {
  checkNotNegative('sam', { radius })
  checkOptions('sam', options, ['adaptive'])
  const { adaptive = false } = options
  checkFlag('sam', { adaptive })
  const sized = (p: Tensor, g: Tensor): Tensor => mul(abs(p), g)
  return (params, gradient) => {
    const steep = adaptive ? zipped(params, gradient, sized) : gradient
    const length = shift(normOfAll(steep, 'sam'), 1e-12)
    const factor = div(full([], radius, 'float64') as Tensor, length)
    const up = adaptive ? zipped(params, steep, sized) : steep
    return zipped(params, up, (p, u) => add(p, mul(u, broadcast(cast(factor, u.dtype) as Tensor, u.shape) as Tensor)))
  }
}
