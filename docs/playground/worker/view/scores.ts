// Scores of classes as a class and how sure it is.
import { op, type Tensor, toTypedArray } from 'pullback'

/** The class of each row, and how far its share lies above chance, from 0 to 255. */
export const decisions = (scores: Tensor<readonly [number, number]>) => {
  const [count, classes] = scores.shape
  const shares = toTypedArray(op.softmax(scores))
  const [found, sure] = [new Uint8Array(count), new Uint8Array(count)]
  for (let row = 0; row < count; row++) {
    let best = 0
    for (let k = 1; k < classes; k++)
      if ((shares[row * classes + k] as number) > (shares[row * classes + best] as number)) best = k
    found[row] = best
    sure[row] = (255 * ((shares[row * classes + best] as number) - 1 / classes)) / (1 - 1 / classes)
  }
  return { classes: found, sure }
}
