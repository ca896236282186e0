import type { AnyLayer } from '../layer/layer.ts'
import { relu } from '../nn/activation.ts'
import { isMaxPool } from '../nn/maxPool2d.ts'

/**
 * A chain with each relu that comes before a max pooling behind it: max(0, ·) keeps the order of numbers, so values and cotangents
 * are the same, of fewer numbers. Not even a tie matters, since relu passes nothing on to those below zero.
 */
export const reluAfterPool = (layers: readonly AnyLayer[]): readonly AnyLayer[] => {
  const all = [...layers]
  for (let i = 1; i < all.length; i++)
    if (all[i - 1] === relu && isMaxPool(all[i] as AnyLayer)) [all[i - 1], all[i]] = [all[i] as AnyLayer, relu]
  return all
}
