import { scoped } from '../diff/scope.ts'
import { checkLayer } from '../layer/checkLayer.ts'
import { type Layer, lazy } from '../layer/layer.ts'
import type { Loose, LooseApply } from '../layer/records.ts'
import { wrapper } from '../layer/wrapper.ts'

/**
 * A layer with the same values and gradients that keeps only its input for the backward pass and recomputes the rest,
 * with the same random key. It trades memory for time, about one more forward pass (Chen, Xu, Zhang and Guestrin 2016).
 * Works best around each block of a deep network.
 *
 * @example
 * import { checkpointed, compose, count, linear, repeat, tanh } from 'pullback'
 * count(repeat(8, checkpointed(compose(linear(4, 4), tanh)))) // => 160
 */
export const checkpointed = <I, O, P, S>(layer: Layer<I, O, P, S>): Layer<I, O, P, S> => {
  checkLayer('checkpointed', layer)
  const run: LooseApply = layer.apply
  const apply: LooseApply = (params, state, context, x) => {
    const step = scoped(() => {
      const { value, state: after } = run(params, state, context, x)
      return { value, state: after }
    })
    const pullback = (dy: Loose) => {
      const both = lazy(() =>
        scoped(() => {
          const cotangents = run(params, state, context, x).pullback(dy)
          return { params: cotangents.params(), input: cotangents.input() }
        }),
      )
      return { params: () => both().params, input: () => both().input }
    }
    return { ...step, pullback }
  }
  return wrapper('checkpointed', layer, apply, (part) => checkpointed(part))
}
