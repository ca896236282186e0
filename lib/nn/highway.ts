import { checkOptions } from '../error/options.ts'
import { constant } from '../initializer/constant.ts'
import { checkFunction } from '../layer/checkLayer.ts'
import { derived } from '../layer/derived.ts'
import type { Layer, Spec } from '../layer/layer.ts'
import { relu } from '../op/activation/relu.ts'
import { add } from '../op/elementwise/add.ts'
import { mul } from '../op/elementwise/mul.ts'
import { sigmoid } from '../op/elementwise/sigmoid.ts'
import { sub } from '../op/elementwise/sub.ts'
import { checkShape } from '../tensor/shape.ts'
import type { Tensor } from '../type/tensor.ts'
import type { LinearParams } from './linear.ts'
import { affineSpec, mapped } from './sequence/weights.ts'

export interface HighwayOptions {
  /** An operation, `op.relu` by default. */
  readonly activation?: ((x: Tensor) => Tensor) | undefined
}

type Params<N extends number> = { readonly transform: LinearParams<N, N>; readonly gate: LinearParams<N, N> }

/**
 * t ⊙ f(x Wᵀ + b) + (1 − t) ⊙ x, with a gate t = σ(x Uᵀ + c) between a nonlinear map of an example and the example
 * itself. The bias of the gate starts at −1, so that at first most passes through.
 *
 * Srivastava, Greff, Schmidhuber, "Highway networks" (2015).
 *
 * @example
 * import { highway, init, key, predict, zeros } from 'pullback'
 * predict(highway(3), init(highway(3), key(0)), zeros([5, 3])).shape // => [5, 3]
 */
export const highway = <const N extends number>(
  features: N,
  options: HighwayOptions = {},
): Layer<readonly [N], readonly [N], Params<N>> => {
  checkOptions('highway', options, ['activation'])
  checkShape('highway', [features])
  const f = options.activation ?? (relu as (x: Tensor) => Tensor)
  checkFunction('highway', 'an activation, which is an operation', f)
  const transform = affineSpec(features, features, features)
  const gate = { ...transform, b: { shape: [features], draw: constant(-1) } }
  const spec = { transform, gate } as unknown as Spec<Params<N>>
  return derived('highway', [features] as const, spec, ({ params, x }: { params: Params<N>; x: Tensor }) => {
    const t = sigmoid(mapped(params.gate, x)) as Tensor
    return add(x, mul(t, sub(f(mapped(params.transform, x)), x as never) as never) as never) as Tensor
  })
}
