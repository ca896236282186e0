import { StructureError } from '../error/tensorError.ts'
import { checkFunction, checkLayer } from '../layer/checkLayer.ts'
import type { PortOf } from '../layer/custom.ts'
import { type AnyLayer, type Layer, lazy } from '../layer/layer.ts'
import { checkPort, columnsOf, portOf } from '../layer/port.ts'
import type { Loose, LooseApply } from '../layer/records.ts'
import { wrapper } from '../layer/wrapper.ts'
import { transpose } from '../op/shape/transpose.ts'
import { vjp } from '../transform/vjp.ts'
import type { Tree } from '../tree/tree.ts'
import type { Batch, Columns, Fits, Port, ShowPort } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

/** A layer between two functions of minibatches made of operations. */
const between = (
  kind: string,
  layer: AnyLayer,
  input: Loose,
  before: (x: Tree) => Tree,
  after: ((y: Tree) => Tree) | undefined,
  rebuild: (layer: AnyLayer) => AnyLayer,
): Loose => {
  const inner: LooseApply = layer.apply
  const apply: LooseApply = (params, state, context, x) => {
    checkPort(kind, input, x)
    const [inside, beforeBack] = vjp(before)(x)
    const step = inner(params, state, context, inside)
    const [value, afterBack] = after === undefined ? [step.value, (dy: Tree) => dy] : vjp(after)(step.value)
    const pullback = (dy: Loose) => {
      const cotangents = step.pullback(afterBack(dy))
      return { params: cotangents.params, input: lazy(() => beforeBack(cotangents.input())) }
    }
    return { value, state: step.state, pullback }
  }
  return wrapper(kind, layer, apply, rebuild, { kind, input })
}

/** The empty tuple, or a sentence for a layer whose input differs from what it is given. */
type Taking<I, Y> = Fits<I, Y> extends true ? unknown : `takes ${ShowPort<I>}, but is given ${ShowPort<Y>}`

/**
 * A layer with a new input: `f`, made of operations, maps a minibatch at the given port to the input of the layer.
 * Parameters and state are the layer's.
 *
 * @example
 * import { contramap, linear, op } from 'pullback'
 * const difference = contramap({ before: [3], after: [3] }, (x) => op.sub(x.after, x.before), linear(3, 2))
 * difference.input // => { before: [3], after: [3] }
 */
export const contramap = <const X extends Port, Y extends Tree, I, O, P, S>(
  port: X,
  f: (x: Batch<X>) => Y,
  layer: Layer<I, O, P, S> & Taking<I, PortOf<Y>>,
): Layer<X, O, P, S> => {
  checkFunction('contramap', 'a function from the port to what the layer takes', f)
  checkLayer('contramap', layer)
  return between(
    'contramap',
    layer,
    portOf('contramap', port),
    f as unknown as (x: Tree) => Tree,
    undefined,
    (part) => contramap<X, Y, I, O, P, S>(port, f, part as never) as AnyLayer,
  )
}

/**
 * A layer for the layout of the lecture: each example of a minibatch is a column, [features, batch], and so is each
 * result. Losses and training take examples as rows, so transpose for those.
 *
 * @example
 * import { columns, fromNested, init, key, linear, predict } from 'pullback'
 * const layer = columns(linear(3, 2))
 * predict(layer, init(layer, key(0)), fromNested([[1, 10], [2, 20], [3, 30]])).shape // => [2, 2]
 */
export const columns = <I extends Shape, O extends Shape, P, S>(
  layer: Layer<I, O, P, S>,
): Layer<Columns<I>, Columns<O>, P, S> => {
  checkLayer('columns', layer)
  if (!Array.isArray(layer.input))
    throw new StructureError({
      op: 'columns',
      expected: 'a layer that takes one tensor of known rank',
      actual: `${layer.kind}, which takes another port`,
      code: 'shape-mismatch',
      remedy: 'begin the chain with input(…)',
    })
  const rolled = (x: Tree, by: (rank: number) => readonly number[]): Tensor => {
    const t = x as Tensor
    return transpose(t, by(t.shape.length)) as Tensor
  }
  const axes = (rank: number): readonly number[] => Array.from({ length: rank }, (_, i) => i)
  return between(
    'columns',
    layer,
    columnsOf(layer.input),
    (x) => rolled(x, (rank) => [rank - 1, ...axes(rank - 1)]),
    (y) => rolled(y, (rank) => [...axes(rank).slice(1), 0]),
    (part) => columns(part) as AnyLayer,
  )
}
