// How well a network reads the digits that it is trained on, and others.
import {
  adam,
  compile,
  epochs,
  item,
  key,
  type Layer,
  metric,
  predict,
  random,
  scanSync,
  softmaxCrossEntropy,
  start,
  type Tree,
  trainStep,
} from 'pullback'
import type { Digits } from './mnist.ts'

export type Sets = { readonly learnt: Digits; readonly unseen: Digits }

/** Trains by Adam, 50 digits in a minibatch: loss and accuracy in evaluation after each epoch, on either set. */
export const generalisation =
  ({ learnt, unseen }: Sets, count: number, seed: number) =>
  <P extends Tree, S>(net: Layer<readonly [number], readonly [10], P, S>) => {
    const step = compile(trainStep(net, softmaxCrossEntropy, adam(1e-3)))
    let run = start(net, adam(1e-3), key(seed))
    const measured = ({ data: { input, target } }: Digits) => {
      const scores = predict(net, run, input)
      return { loss: item(softmaxCrossEntropy(target)(scores)[0]), accuracy: metric.accuracy(scores, target) }
    }
    return Array.from({ length: count }, (_, epoch) => {
      const order = random.foldIn(key(seed), epoch)
      const minibatches = epochs({ count: 1, size: 50, key: order })(learnt)
      for (const [after] of scanSync(step, run, minibatches, { every: 100 })) run = after
      return { learnt: measured(learnt), unseen: measured(unseen) }
    })
  }
