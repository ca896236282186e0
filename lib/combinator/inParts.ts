import { scoped } from '../diff/scope.ts'
import { ShapeError, StructureError } from '../error/tensorError.ts'
import { type Cotangents, inner, type Layer, lazy } from '../layer/layer.ts'
import { hasColumns } from '../layer/port.ts'
import type { Loose, LooseApply } from '../layer/records.ts'
import { wrapper } from '../layer/wrapper.ts'
import { concat } from '../op/shape/concat.ts'
import { slice } from '../op/shape/slice.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import { checkCount } from '../tensor/range.ts'
import { showShape } from '../tensor/shape.ts'
import { leaves, mapTree, type Tree, zipMany } from '../tree/tree.ts'

const op = 'inParts'

/** The number of examples that all tensors have along their first axes: so many as are expected, where that is known. */
const countOf = (x: Tree, expected?: number): number => {
  const tensors = leaves(x, op)
  const n = expected ?? tensors[0]?.shape[0]
  for (const { shape } of tensors)
    if (n === undefined || shape[0] !== n)
      throw new ShapeError({ op, expected: `${n ?? 'some'} examples along the first axis`, actual: showShape(shape) })
  return n ?? 0
}

const joined = (parts: readonly Tree[]): Tree =>
  zipMany(op, parts as readonly [Tree, ...Tree[]], 1, (...xs) => [concat(xs, 0)])[0] as Tree

/**
 * A layer that runs so many examples of a minibatch at a time, and once more on the way back: it gives what the layer gives for all of
 * them, in the memory of a part. Around a whole network it makes a large minibatch of parts that fit. The loss sees all outputs at once,
 * so its gradient is that of the minibatch, whatever a loss divides by: ignored labels, weights of classes, a last part that is smaller.
 * That is what the sum of the parts' gradients (`accumulate`) gives only where all parts count alike.
 *
 * What depends on the other examples depends on those of a part: batch normalisation takes each part's statistics, one after the
 * other, and each part of training has a random key of its own. A size that is not a whole number from 1 is a `ValueError`, examples
 * that do not lie along the first axis are a `ShapeError`, and columns a `StructureError`.
 *
 * @example
 * import { fromNested, inParts, key, leastSquares, linear, sgd, start, toNested, trainStep, zeros } from 'pullback'
 * const net = inParts(3, linear(1, 1))
 * const variables = { params: { W: zeros([1, 1]), b: zeros([1]) }, state: {} }
 * const batch = { input: fromNested([[1], [2], [3], [4]]), target: fromNested([[1], [1], [1], [5]]) }
 * const [after] = trainStep(net, leastSquares, sgd(0.25))(start(net, sgd(0.25), key(0), { variables }), batch)
 * toNested(after.params.b) // => [1]
 */
export const inParts = <I, O, P, S>(size: number, layer: Layer<I, O, P, S>): Layer<I, O, P, S> => {
  checkCount(op, { size })
  if (hasColumns(layer.input))
    throw new StructureError({ op, expected: 'a layer whose examples are rows', actual: 'one that takes columns' })
  const run: LooseApply = layer.apply
  const apply: LooseApply = (params, state, context, x) => {
    const n = countOf(x as Tree)
    if (n <= size) return run(params, state, context, x)
    const ranges = Array.from(
      { length: Math.ceil(n / size) },
      (_, i) => [i * size, Math.min(n, (i + 1) * size)] as const,
    )
    const take = (tree: Tree, i: number): Tree =>
      mapTree(tree, (t) => slice(t, [ranges[i] as readonly [number, number]]))
    const states: Loose[] = [state]
    const step = (i: number) => run(params, states[i], inner(context, i), take(x as Tree, i))
    const values = ranges.map(([from, to], i) => {
      const part = scoped(() => {
        const { value, state: after } = step(i)
        return { value, after }
      })
      countOf(part.value as Tree, to - from)
      states.push(part.after)
      return part.value as Tree
    })
    const pullback = (dy: Loose) => {
      const each = <A>(f: (c: Cotangents<Loose, Loose>) => A, i: number): A =>
        scoped(() => f(step(i).pullback(take(dy as Tree, i))))
      return {
        params: lazy(() =>
          ranges.reduce<Loose>(
            (sum, _, i) => each((c) => (i === 0 ? c.params() : addTrees(sum as Tree, c.params() as Tree)), i),
            undefined,
          ),
        ),
        input: lazy(() => joined(ranges.map((_, i) => each((c) => c.input() as Tree, i)))),
      }
    }
    return { value: joined(values), state: states.at(-1), pullback }
  }
  return wrapper('inParts', layer, apply, (part) => inParts(size, part))
}
