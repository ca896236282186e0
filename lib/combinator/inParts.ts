import { scoped } from '../diff/scope.ts'
import { ShapeError, StructureError } from '../error/tensorError.ts'
import { type Cotangents, inner, type Layer, lazy } from '../layer/layer.ts'
import { hasColumns } from '../layer/port.ts'
import type { Loose, LooseApply } from '../layer/records.ts'
import { exchanges } from '../layer/structure.ts'
import { wrapper } from '../layer/wrapper.ts'
import { concat } from '../op/shape/concat.ts'
import { slice } from '../op/shape/slice.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import { checkCount } from '../tensor/range.ts'
import { showShape } from '../tensor/shape.ts'
import { leaves, mapTree, type Tree, zipMany } from '../tree/tree.ts'

const op = 'inParts'

/**
 * The number of examples along the first axes of all tensors, which must equal the expected number if that is known.
 */
const countOf = (x: Tree, expected?: number): number => {
  const tensors = leaves(x, op)
  const n = expected ?? tensors[0]?.shape[0]
  for (const { shape } of tensors)
    if (n === undefined || shape[0] !== n)
      throw new ShapeError({
        op,
        expected: `${n ?? 'some'} examples along the first axis`,
        actual: showShape(shape),
        code: 'batch-mismatch',
      })
  return n ?? 0
}

const joined = (parts: readonly Tree[]): Tree =>
  zipMany(op, parts as readonly [Tree, ...Tree[]], 1, (...xs) => [concat(xs, 0)])[0] as Tree

/**
 * A layer that runs a given number of examples of a minibatch at a time, and each part once more in the backward pass.
 * It returns what the layer returns for all examples, in the memory of one part. Around a whole network it splits a
 * large minibatch into parts that fit into memory. The loss sees all outputs at once, so its gradient is that of the
 * minibatch, whatever the loss divides by: ignored labels, class weights, a smaller last part. The sum of the parts'
 * gradients (`accumulate`) equals it only if all parts count equally.
 *
 * Layers that mix examples see only those of a part: batch normalization uses each part's statistics, one after
 * another, and in training each part has its own random key. A size that is not a whole number from 1 is a
 * `ValueError`, examples that do not lie along the first axis are a `ShapeError`, and columns a `StructureError`.
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
  if (exchanges(layer))
    throw new StructureError({
      op,
      expected: 'a layer that each rank runs by itself',
      actual: 'one that exchanges numbers with the other ranks, whose parts are others: syncBatchNorm',
      remedy: 'use smaller minibatches, or batchNorm',
    })
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
