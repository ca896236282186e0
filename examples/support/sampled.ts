// A layer that draws: in training z = mean + deviation ⊙ noise, in evaluation z = mean. The gradient goes through both.
import { type Layer, op, random, type Tensor, vjp } from 'pullback'

type Normal<N extends number> = { readonly mean: readonly [N]; readonly log: readonly [N] }
type Given = { readonly mean: Tensor; readonly log: Tensor }

/** A draw from the normal distribution with a mean and the logarithm of a variance, for vectors of n numbers. */
export const sampled = <const N extends number>(n: N): Layer<Normal<N>, readonly [N]> => ({
  kind: 'sampled',
  input: { mean: [n], log: [n] },
  params: {},
  state: {},
  apply: (_params, _state, context, x) => {
    const draw = ({ mean, log }: Given): Tensor => {
      if (context.mode === 'eval') return mean
      const noise = random.normal(context.key, mean.shape, mean.dtype) as Tensor
      return op.add(mean, op.mul(op.exp(op.scale(log, 0.5)) as Tensor, noise as never) as never) as Tensor
    }
    const [value, back] = vjp(draw)(x as unknown as Given)
    return {
      value: value as never,
      state: {},
      pullback: (dz) => ({ params: () => ({}), input: () => back(dz as never) as never }),
    }
  },
})
