import { init, key, predict, type Tensor, toTypedArray } from 'pullback'
import { checkCompiled, wayOf } from './ways.ts'
import type { Numbers, Workload } from './workload.ts'

/** A prediction: it gives the numbers of the outputs. */
export type Prediction = () => ArrayLike<number>

/** Prediction as a user of pullback writes it, from the first parameters. */
export const predicting = (
  { network, dtype }: Workload,
  { params, input }: Numbers,
  { way = 'plain' }: { readonly way?: string } = {},
): Prediction => {
  const variables = { ...init(network, key(0), { dtype }), params }
  const forward = wayOf(way).prepare((x: typeof input) => predict(network, variables, x as never) as Tensor)
  forward(input)
  checkCompiled(forward)
  return () => toTypedArray(forward(input))
}
