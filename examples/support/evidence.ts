// What a variational autoencoder loses.
import { binaryCrossEntropy, defineLoss, op, type Tensor } from 'pullback'

/** What an image costs to describe: how far the cloud is from a standard normal distribution, and what is then missing. */
export const evidence = defineLoss(
  'evidence',
  ({ mean, log, image }: { mean: Tensor; log: Tensor; image: Tensor }, x: Tensor) => {
    const spread = op.sub(op.add(op.square(mean), op.exp(log) as never), op.shift(log, 1) as never) as Tensor
    const missing = binaryCrossEntropy.none(x)(image as never)[0]
    return op.add(missing as Tensor, op.scale(op.sum(spread, 1), 0.5) as never) as Tensor<readonly [number]>
  },
)
