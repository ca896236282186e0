import { add } from '../op/elementwise/add.ts'
import { scale } from '../op/elementwise/scale.ts'
import { leaves, mapTree, rebuild, type Tree, zipTrees } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { numbersOf, type Point, type Subject } from './probe.ts'

const times = (tree: Tree, factor: number): Tree =>
  mapTree(tree, (t) => (t.dtype === 'int32' ? t : (scale(t as Tensor, factor) as AnyTensor)))
const plus = (a: Tree, b: Tree): Tree =>
  zipTrees(a, b, (x, y) => (x.dtype === 'int32' ? x : (add(x as Tensor, y as Tensor) as AnyTensor)))

const largest = (numbers: Iterable<number>): number => {
  let most = 0
  for (const x of numbers) if (Number.isFinite(x)) most = Math.max(most, Math.abs(x))
  return most
}

/**
 * Factors that multiply a cotangent without rounding. They distinguish a linear pullback from one that ignores the
 * cotangent, its size or its sign.
 */
const factors = [-(2 ** 20), -(2 ** -20)]

/**
 * Checks that the pullback at a point is linear in its cotangent, for each tensor of the argument. A cotangent
 * multiplied by a power of two gives the same multiple, with the same rounding; and the sum of two gives the sum, up to
 * the rounding of numbers as large as argument and value.
 */
export const linearAt = (
  { diff, argument, cotangent }: Subject,
  { tensors, gradients }: Point,
  other: Tree,
  tolerance: number,
): readonly boolean[] => {
  const [value, back] = diff(rebuild(argument, tensors))
  const pulled = (u: Tree): readonly Float64Array[] => leaves(back(u)).map(numbersOf)
  const multiples = factors.map((c) => pulled(times(cotangent, c)))
  const [more, both] = [pulled(other), pulled(plus(cotangent, other))]
  const sizes = [...tensors, ...leaves(value)].map((t) => largest(numbersOf(t)))
  const cotangents = largest(leaves(plus(cotangent, other)).flatMap((t) => [largest(numbersOf(t))]))
  const rounding = 1e-13 * cotangents * Math.max(1, ...sizes) ** 2
  return gradients.map((g, leaf) => {
    const [h, sum] = [more[leaf] as Float64Array, both[leaf] as Float64Array]
    const homogeneous = factors.every((c, k) =>
      g.every((x, i) => {
        const [expected, found] = [c * x, (multiples[k] as (typeof multiples)[number])[leaf]?.[i] as number]
        return !Number.isFinite(x) || Math.abs(found - expected) <= 1e-9 * Math.abs(expected) + 1e-290
      }),
    )
    const limit = 1e-3 * tolerance * Math.max(largest(g), largest(h)) + rounding
    const additive = g.every((x, i) => {
      const expected = x + (h[i] as number)
      return !Number.isFinite(expected) || Math.abs((sum[i] as number) - expected) <= limit
    })
    return homogeneous && additive
  })
}
