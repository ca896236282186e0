import { checkLayer } from '../layer/checkLayer.ts'
import { type AnyLayer, type In, type Layer, lazy, type Out, type Params, type State } from '../layer/layer.ts'
import type { Loose, LooseApply, LooseStep } from '../layer/records.ts'
import { wrapper } from '../layer/wrapper.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import type { Any, Fits, Fn, ShowPort } from '../type/port.ts'
import type { Given } from './through.ts'

type Kept<L extends AnyLayer, X> =
  Given<L, X> extends infer Y
    ? Y extends string
      ? Y
      : Fits<X, Y> extends true
        ? X
        : `a residual branch gives back what it takes, ${ShowPort<X>}, and not ${ShowPort<Y>}`
    : never
/** The input port, if a branch returns it. */
export interface Residual<L extends AnyLayer> extends Fn {
  readonly same: Out<L> extends { readonly same: true } ? true : false
  readonly out: Kept<L, this['in']>
}
/** The layer itself if its output has the port of its input; otherwise a sentence. */
export type Residuated<L extends AnyLayer> =
  In<L> extends Any ? L : Kept<L, In<L>> extends infer Y extends string ? Y : L

/**
 * x + body(x): the input, and in the backward pass the cotangent, passes unchanged around the body. Parameters and
 * state are those of the body, whose output must have the shape of its input. He, Zhang, Ren and Sun 2016.
 *
 * @example
 * import { compose, linear, relu, residual } from 'pullback'
 * Object.keys(residual(compose(linear(6, 6), relu)).params) // => ['W', 'b']
 */
export function residual<const L extends AnyLayer>(
  body: L extends Residuated<L> ? L : Residuated<L>,
): Layer<In<L>, In<L> extends Any ? Residual<L> : In<L>, Params<L>, State<L>>
export function residual(body: Loose): Loose {
  checkLayer('residual', body)
  const apply: LooseApply = (params, state, context, x) => {
    const step: LooseStep = body.apply(params, state, context, x)
    const pullback = (dy: Loose) => {
      const cotangents = step.pullback(dy)
      return { params: cotangents.params, input: lazy(() => addTrees(dy, cotangents.input())) }
    }
    return { value: addTrees(x, step.value), state: step.state, pullback }
  }
  return wrapper('residual', body, apply, (part) => residual(part as Loose), { kind: 'residual' })
}
