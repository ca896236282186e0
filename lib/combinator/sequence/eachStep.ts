import { ShapeError } from '../../error/tensorError.ts'
import type { Timed } from '../../layer/cell.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import type { Layer } from '../../layer/layer.ts'
import type { Loose, LooseApply } from '../../layer/records.ts'
import { checkSteps, timed } from '../../layer/timed.ts'
import { wrapper } from '../../layer/wrapper.ts'
import { fold, unfold } from '../../op/shape/reshape.ts'
import { showShape } from '../../tensor/shape.ts'
import { leaves, mapTree, type Tree } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'

/**
 * A layer applied to each step of a sequence by itself: [time, …I] to [time, …O]. The steps of all examples are one
 * minibatch to the layer, so this takes as long as a batch of that size. Parameters and state are the layer's.
 *
 * @example
 * import { eachStep, init, key, linear, predict, zeros } from 'pullback'
 * const layer = eachStep(linear(8, 3))
 * predict(layer, init(layer, key(0)), zeros([2, 10, 8])).shape // => [2, 10, 3]
 */
export const eachStep = <I, O, P, S>(layer: Layer<I, O, P, S>): Layer<Timed<I>, Timed<O>, P, S> => {
  checkLayer('eachStep', layer)
  const run: LooseApply = layer.apply
  const apply: LooseApply = (params, state, context, x) => {
    for (const part of leaves(x as Tree)) checkSteps('eachStep', part)
    const sizes = leaves(x as Tree).map((part) => part.shape.slice(0, 2))
    const [batch = 0, steps] = sizes[0] ?? []
    if (steps === undefined || sizes.some((size) => size[0] !== batch || size[1] !== steps))
      throw new ShapeError({
        op: 'eachStep',
        expected: 'sequences [batch, steps, …] of one length',
        actual: sizes.map(showShape).join(', '),
      })
    const folded = (tree: Tree): Tree => mapTree(tree, (part) => fold(part as Tensor))
    const unfolded = (tree: Tree): Tree => mapTree(tree, (part) => unfold(part as Tensor, batch, steps))
    const step = run(params, state, context, folded(x))
    const pullback = (dy: Loose) => {
      const found = step.pullback(folded(dy))
      return { params: found.params, input: () => unfolded(found.input()) }
    }
    return { value: unfolded(step.value), state: step.state, pullback }
  }
  return wrapper('eachStep', layer, apply, (part) => eachStep(part), {
    kind: 'eachStep',
    input: timed('eachStep', layer.input),
  })
}
