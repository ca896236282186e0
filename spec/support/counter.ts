import { type Any, type Empty, fromNested, item, type Layer, relu, type Same, type Tensor, zeros } from 'pullback'

/** A layer with state: it counts the minibatches of its training. */
export const counter: Layer<Any, Same, Empty, { readonly count: Tensor<readonly []> }> = {
  kind: 'counter',
  input: relu.input,
  params: {},
  state: { count: { shape: [], draw: (_key, shape, dtype) => zeros(shape, dtype) } },
  apply: (_params, { count }, { mode }, x) => ({
    value: x,
    state: { count: mode === 'train' ? fromNested(item(count) + 1, count.dtype) : count },
    pullback: (dy) => ({ params: () => ({}), input: () => dy }),
  }),
}
