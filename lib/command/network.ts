import {
  type AnyLayer,
  compose,
  dropout,
  elu,
  gelu,
  init,
  key,
  linear,
  named,
  oneHotColumns,
  predict,
  relu,
  selu,
  sigmoid,
  silu,
  stack,
  standardize,
  type Tensor,
  tanh,
} from '../index.ts'
import type { Features } from '../table/index.ts'

/** The activations that a network may have. */
export const activations = { relu, tanh, gelu, silu, sigmoid, elu: elu(), selu } as const
export type ActivationName = keyof typeof activations
export const activationNames = Object.keys(activations) as readonly ActivationName[]

/** All that says how a network is built: what the model's file keeps of it, beside the numbers. */
export interface Architecture {
  /** For each column of the input its number of categories, 0 for numbers. */
  readonly categories: readonly number[]
  readonly hidden: readonly number[]
  readonly activation: ActivationName
  readonly dropout: number
  readonly outputs: number
}

export type Network = AnyLayer<readonly [number], readonly [number]>
export type Outputs = Tensor<readonly [number, number]>

/**
 * A perceptron behind its preprocessing: columns of zeros and ones for categories, all columns standardized by the
 * training part. Where none is given, the numbers of the preprocessing will come from a file.
 */
export const networkOf = (architecture: Architecture, train?: Features): Network => {
  const { categories, hidden, activation, dropout: drop, outputs } = architecture
  const encoded = oneHotColumns(categories)
  const width = categories.reduce((sum, count) => sum + Math.max(1, count), 0)
  const scaled =
    train === undefined ? standardize([width]) : standardize(predict(encoded, init(encoded, key(0)), train))
  const blocks = hidden.map((units, i) => {
    const affine = linear((hidden[i - 1] ?? width) as number, units)
    const active = compose(affine, activations[activation])
    return (drop === 0 ? active : compose(active, dropout({ drop }))) as Network
  })
  return compose(
    encoded,
    named('scaled', scaled),
    named('hidden', stack<Network>(blocks)),
    named('out', linear(hidden.at(-1) ?? width, outputs)),
  ) as Network
}
