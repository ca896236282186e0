import type { AnyLayer } from '../layer/layer.ts'

/**
 * A chain in which each monotone layer before one that selects maxima stands behind it. A monotone layer keeps the order of
 * numbers, so values and cotangents are the same, of fewer numbers. Not even a tie that it makes matters, since its derivative
 * is 0 there.
 */
export const monotoneLast = (layers: readonly AnyLayer[]): readonly AnyLayer[] => {
  const all = [...layers]
  for (let i = 1; i < all.length; i++) {
    const [before, after] = [all[i - 1] as AnyLayer, all[i] as AnyLayer]
    if (before.monotone === true && after.selectsMaximum === true) [all[i - 1], all[i]] = [after, before]
  }
  return all
}
