import type { Shape } from '../../type/tensor.ts'

/**
 * The record of assembly/kernel/move.ts for entries that go from one layout to another: the number of axes, then their
 * sizes, strides, and strides of the result. Axes that continue each other are one, and an axis along which the entries
 * lie side by side stands before the last, where the kernel looks for a matrix to transpose.
 */
export const moveRecord = (shape: Shape, from: Shape, to: Shape): readonly number[] => {
  const [sizes, before, after]: readonly [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < shape.length; i++) {
    const [n, s, t] = [shape[i] as number, from[i] as number, to[i] as number]
    const last = sizes.length - 1
    if (n === 1) continue
    if (before[last] === n * s && after[last] === n * t) {
      sizes[last] = n * (sizes[last] as number)
      before[last] = s
      after[last] = t
    } else {
      sizes.push(n)
      before.push(s)
      after.push(t)
    }
  }
  if (sizes.length === 0) return [1, 1, 1, 1]
  const side = before.indexOf(1)
  if (side >= 0 && side < sizes.length - 2)
    for (const list of [sizes, before, after]) list.splice(-1, 0, ...list.splice(side, 1))
  return [sizes.length, ...sizes, ...before, ...after]
}
