import type { AnyLayer } from '../layer/layer.ts'

/**
 * Moves each monotone layer of a chain that stands before a layer selecting maxima behind it. A monotone layer keeps
 * the order of numbers, so values and cotangents stay the same and are computed for fewer numbers. Ties that it makes
 * do not matter, since its derivative is 0 there.
 */
export const monotoneLast = (layers: readonly AnyLayer[]): readonly AnyLayer[] => {
  const all = [...layers]
  for (let i = 1; i < all.length; i++) {
    const [before, after] = [all[i - 1] as AnyLayer, all[i] as AnyLayer]
    if (before.monotone === true && after.selectsMaximum === true) [all[i - 1], all[i]] = [after, before]
  }
  return all
}
