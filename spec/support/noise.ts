import { type Any, type Layer, op, random, relu, type Same, type Tensor } from 'pullback'

/** A layer with randomness: in training it adds normal noise. */
export const noise: Layer<Any, Same> = {
  kind: 'noise',
  input: relu.input,
  params: {},
  state: {},
  apply: (_params, _state, context, x) => ({
    value:
      context.mode === 'eval' ? x : (op.add(x as Tensor, random.normal(context.key, x.shape, x.dtype)) as typeof x),
    state: {},
    pullback: (dy) => ({ params: () => ({}), input: () => dy }),
  }),
}
