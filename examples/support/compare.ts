// The distance of two records of tensors.
import { type Tensor, toArray, tree } from 'pullback'

/** The largest difference between corresponding entries, relative to the largest entry of that tensor. */
export const difference = <T extends tree.Tree>(a: T, b: NoInfer<T>): number => {
  const others = new Map(tree.entries(b).map(([path, t]) => [path.join('.'), toArray(t)]))
  return Math.max(
    0,
    ...tree.entries(a).map(([path, t]) => {
      const [xs, ys] = [toArray(t), others.get(path.join('.')) ?? []]
      const size = xs.reduce((m, x) => Math.max(m, Math.abs(x)), 0)
      const apart = xs.reduce((m, x, i) => Math.max(m, Math.abs(x - (ys[i] ?? Number.NaN))), 0)
      return apart === 0 ? 0 : apart / size
    }),
  )
}

/** The numbers of a small tensor on one line, in Python's brackets. */
export const numbers = (t: Tensor): string => `[${toArray(t).join(' ')}]`
