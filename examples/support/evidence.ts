// What a variational autoencoder loses.
import { binaryCrossEntropy, defineLoss, op, type Tensor } from 'pullback'

type Seen = {
  readonly mean: Tensor<readonly [number, 2]>
  readonly log: Tensor<readonly [number, 2]>
  readonly image: Tensor<readonly [number, 784]>
}

/** What an image costs to describe: how far the cloud is from a standard normal distribution, and what is then missing. */
export const evidence = defineLoss<Seen, Seen['image']>('evidence', ({ mean, log, image }: Seen, x: Seen['image']) => {
  const spread = op.sub(op.add(op.square(mean), op.exp(log)), op.shift(log, 1))
  const [missing] = binaryCrossEntropy.none(x)(image)
  return op.add(missing, op.scale(op.sum(spread, 1), 0.5))
})
