import fc from 'fast-check'
import {
  type AnyLayer,
  compose,
  elementwise,
  identity,
  linear,
  logSoftmax,
  named,
  op,
  relu,
  sigmoid,
  softmax,
  tanh,
} from 'pullback'

const smooth: readonly AnyLayer[] = [
  tanh,
  sigmoid,
  softmax,
  logSoftmax,
  identity,
  elementwise(op.tanh),
  elementwise(
    (x) => x * x,
    (x) => 2 * x,
    () => 2,
  ),
]

/** `compose` for lists whose length is known only at run time. */
export const chainOf = compose as unknown as (...layers: readonly AnyLayer[]) => AnyLayer

/** A list of layers that fit one after the other, from `input` features on; linear ones under names of their own. */
export const layerLists = (input: number, activations = [...smooth, relu]): fc.Arbitrary<readonly AnyLayer[]> =>
  fc
    .array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom(...activations), fc.constant('nest' as const)), {
      minLength: 1,
      maxLength: 6,
    })
    .map((plan) => {
      let width = input
      return plan.map((entry, i): AnyLayer => {
        if (typeof entry === 'object') return entry
        const out = entry === 'nest' ? 2 : entry
        const layer = linear(width, out)
        width = out
        return named(
          `L${i}`,
          (entry === 'nest' ? chainOf(named('in', layer), tanh, named('out', linear(out, out))) : layer) as AnyLayer,
        ) as AnyLayer
      })
    })

/** Random networks that fit, differentiable everywhere. */
export const networks = (input: number): fc.Arbitrary<AnyLayer> =>
  layerLists(input, [...smooth]).map((layers) => chainOf(...layers))
