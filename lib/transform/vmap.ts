import { checkLeak } from '../diff/boxed.ts'
import { allOf, mapped } from '../diff/mapped.ts'
import { ShapeError, StructureError } from '../error/tensorError.ts'
import { showShape } from '../tensor/shape.ts'
import type { Batched, OneSize } from '../tree/batched.ts'
import { entries, leaves, mapTree, rebuild, type Tree } from '../tree/tree.ts'
import { mapping } from './mapping.ts'

/** The number of examples: the size of the first axis, which all tensors share. */
const sizeOfExamples = (xs: Tree): number => {
  const op = 'vmap'
  const found = entries(xs, op).map(([path, x]) => ({ name: path.join('.'), path, x, size: x.shape[0] }))
  const [first] = found
  if (first === undefined)
    throw new StructureError({
      op,
      expected: 'at least one tensor, with the axis of examples in front',
      actual: 'none',
    })
  for (const { path, x, size } of found)
    if (size === undefined || size !== first.size)
      throw new ShapeError({
        op,
        expected:
          size === undefined || first.size === undefined
            ? 'an axis of examples in front of each tensor'
            : `${first.size} examples in front, as ${first.name} has`,
        actual: showShape(x.shape),
        code: 'batch-mismatch',
        path,
        remedy: size === undefined ? 'close over tensors that are the same for all examples' : undefined,
      })
  return first.size as number
}

/** Turns a function of one example's tree into a function of the tree of all. */
export const vmapTree =
  (f: (a: Tree) => Tree) =>
  (xs: Tree): Tree => {
    const over = mapping(sizeOfExamples(xs))
    const result = f(mapTree(xs, (x) => mapped(over, x)))
    const ys = leaves(result, 'the function given to vmap')
    checkLeak('vmap', ys, over.level)
    return rebuild(
      result,
      ys.map((y) => allOf(over, y)),
    )
  }

/** A function of many examples. The second signature serves functions that take it as an argument. */
interface OfMany<A, B> {
  <N extends number>(xs: Batched<A, N>): OneSize<N, Batched<B, N>>
  (xs: Batched<A>): Batched<B>
}

/**
 * Turns a function of one example into a function of many: `f` sees each tensor without its first axis, the axis of
 * examples, and its results get that axis. It runs once, with operations that work on all examples at once; so it must
 * be made of operations and cannot read numbers. Tensors that it closes over are the same for all examples, and so are
 * random numbers that it draws: draw for all examples outside and map them. (Layers that drop entries at random do so
 * by themselves.) A result that is the same for all is repeated. Labels and indices are mapped like all other tensors.
 * Nests with itself and with derivatives in any order.
 *
 * First axes of different sizes and a tensor without axes are a `ShapeError`.
 *
 * @example
 * import { fromNested, op, toNested, vmap, type Tensor } from 'pullback'
 * const x = fromNested([[1, 2], [3, 4], [5, 6]])
 * const norm = (v: Tensor<readonly [2]>) => op.sqrt(op.sum(op.mul(v, v)))
 * vmap(norm)(x).shape // => [3]
 * const weights = fromNested([10, 1])
 * toNested(vmap((v: Tensor<readonly [2]>) => op.sum(op.mul(v, weights)))(x)) // => [12, 34, 56]
 */
export const vmap = vmapTree as <A extends Tree, B extends Tree>(f: (a: A) => B) => OfMany<A, B>
