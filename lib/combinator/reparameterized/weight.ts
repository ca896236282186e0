import { ShapeError, StructureError } from '../../error/tensorError.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import type { AnyLayer, Leaf, Unwanted } from '../../layer/layer.ts'
import type { Loose, LooseApply } from '../../layer/records.ts'
import { isLeaf } from '../../layer/variables.ts'
import { where } from '../../op/elementwise/where.ts'
import { norm } from '../../op/reduce/norm.ts'
import { ones } from '../../tensor/create.ts'
import { describe } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import { vjp } from '../../transform/vjp.ts'
import { ownOf } from '../../tree/name.ts'
import type { Tree } from '../../tree/tree.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'

/** The declaration of the W of a layer, a row for each output. */
export const weightOf = (op: string, layer: AnyLayer): Leaf => {
  checkLayer(op, layer)
  const W: unknown = ownOf(layer.params as object, 'W')
  if (typeof W !== 'object' || W === null || !isLeaf(W))
    throw new StructureError({
      op,
      expected: "a layer with a parameter 'W'",
      actual: Object.keys(layer.params as object).length === 0 ? 'one without parameters' : describe(layer.params),
      remedy: 'wrap the layer itself, before named and compose',
    })
  if (W.shape.length >= 2) return W
  throw new ShapeError({ op, expected: 'a W [outputs, …]', actual: showShape(W.shape) })
}

/** Lengths to divide by: 1 where they are 0. */
export const divisors = (lengths: Tensor): Tensor =>
  where(lengths, lengths, ones<Shape, Tensor['dtype']>(lengths.shape, lengths.dtype))

/** The lengths of the rows of W along its first axis. */
export const lengthsOf = (W: Tensor): Tensor => norm(W, [...W.shape.keys()].slice(1)) as Tensor

/** Runs a layer with a W that is computed from its parameters, to which the cotangent of W is pulled back. */
export const withWeight = (layer: AnyLayer, from: (own: Loose, state: Loose) => Tensor): LooseApply => {
  const run: LooseApply = layer.apply
  return (params, state, context, x) => {
    const [W, back] = vjp((own: Tree) => from(own, state))(params.W)
    const step = run({ ...params, W }, state, context, x)
    const pullback = (dy: Loose) => {
      const cotangents = step.pullback(dy)
      return {
        params: (unwanted: Unwanted = {}) => {
          const { W: own, ...others } = unwanted
          const { W: dW, ...rest } = cotangents.params(own === true ? unwanted : others)
          return own === true || dW === undefined ? rest : { ...rest, W: back(dW) }
        },
        input: cotangents.input,
      }
    }
    return { ...step, pullback }
  }
}
