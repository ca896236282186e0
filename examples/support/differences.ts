// The lecture's gradient check: central differences in every entry, and how far two gradients are apart.
import { fromArray, item, type Scalar, toArray, toTypedArray, tree, unsafeFromBuffer } from 'pullback'

/** (L(p + ε) − L(p − ε)) / 2ε in every entry of every tensor of a record, for ε = 1e-6. */
export const numericalGrad = <T extends tree.Tree>(loss: (params: T) => Scalar, params: T): T => {
  const eps = 1e-6
  const all = tree.leaves(params)
  const tensors = all.map((t, leaf) => {
    const values = toTypedArray(t)
    const at = (i: number, value: number): number => {
      const moved = unsafeFromBuffer(values.with(i, value), t.shape)
      return item(loss(tree.rebuild(params, all.with(leaf, moved))))
    }
    return fromArray(
      values.map((v, i) => (at(i, v + eps) - at(i, v - eps)) / (2 * eps)),
      t.shape,
    )
  })
  return tree.rebuild(params, tensors)
}

/**
 * A line for each tensor: its largest |a − b| / |a + b|, which passes below 1e-5. Two small numbers may differ by
 * rounding alone and fail, and two zeros give 0 / 0, which is no pass either.
 */
export const checkGrad = <T extends tree.Tree>(a: T, b: NoInfer<T>): readonly string[] => {
  const others = tree.leaves(b)
  return tree.entries(a).map(([path, t], leaf) => {
    const ys = toArray(others[leaf] as tree.Tree & typeof t)
    const norm = toArray(t).reduce(
      (m, x, i) => Math.max(m, Math.abs((x - (ys[i] as number)) / (x + (ys[i] as number)))),
      0,
    )
    return `${path.join('.')} ${norm < 1e-5 ? 'pass' : 'fail'} ${norm}`
  })
}
