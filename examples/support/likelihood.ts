// What a forecast loses that says a normal distribution.
import { defineLoss, op, type Tensor } from 'pullback'

/** −log of the density of a normal distribution, whose mean and log-variance are the two outputs. */
export const likelihood = defineLoss('likelihood', (out: Tensor, target: Tensor) => {
  const [mean, log] = [0, 1].map((i) => op.slice(out, [null, i]) as Tensor) as [Tensor, Tensor]
  const e = op.sub(target, mean as never) as Tensor
  return op.scale(op.add(log, op.mul(op.square(e), op.exp(op.neg(log)) as never) as never), 0.5) as Tensor<
    readonly [number]
  >
})
