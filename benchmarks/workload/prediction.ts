import { init, key, predict, type Tensor, toTypedArray } from 'pullback'
import { wayOf } from './ways.ts'
import type { Numbers, Workload } from './workload.ts'

/** A prediction: it gives the numbers of the outputs. */
export type Prediction = () => ArrayLike<number>

/** Prediction as a user of pullback writes it, from the first parameters. */
export const predicting = (
  { network, dtype }: Workload,
  { params, input }: Numbers,
  { way = 'plain' }: { readonly way?: string } = {},
): Prediction => {
  const { state } = init(network, key(0), { dtype })
  const forward = wayOf(way)((x: typeof input): Tensor => predict(network, { params, state }, x as never) as Tensor)
  return () => toTypedArray(forward(input))
}
