import type { Variables } from '../layer/variables.ts'
import type { History } from './history.ts'
import type { Streams } from './streams.ts'
import type { Training } from './training.ts'

/** The epoch with the best monitored column, and the variables at its end. */
export interface Best<P, S> extends Variables<P, S> {
  readonly epoch: number
  readonly value: number
}

/**
 * The state of a `fit` run: a `Training` with all else needed to resume it. It is a plain value, so keeping it makes a
 * checkpoint.
 */
export interface FitState<P, S, O> extends Training<P, S, O> {
  /** The number of finished epochs. */
  readonly epoch: number
  /** The number of minibatches of the current epoch already used; 0 at the end of an epoch. */
  readonly position: number
  /** The number of minibatches in an epoch; undefined if it is known only at the end. */
  readonly count: number | undefined
  /** Sums over the examples of the current epoch: their number, the loss and the metrics of the minibatches. */
  readonly sums: { readonly [name: string]: number }
  /** The summaries of the current epoch that streaming metrics keep; and the weights in the mean of the loss. */
  readonly streams?: Streams | undefined
  readonly history: History
  /** Undefined until the first epoch is finished. */
  readonly best: Best<P, S> | undefined
  /** Seconds of training so far, including those before an interruption. */
  readonly seconds: number
  /** The reason why a rule has stopped the run, if one has. */
  readonly stopped: string | undefined
}

/** The means over the examples of a finished epoch. */
export const means = ({
  examples = 0,
  ...sums
}: FitState<never, never, never>['sums']): { readonly [name: string]: number } =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / examples]))

/** The sums with those of one more minibatch of n examples. */
export const added = (
  { examples = 0, ...sums }: FitState<never, never, never>['sums'],
  n: number,
  values: { readonly [name: string]: number },
): { readonly [name: string]: number } => ({
  examples: examples + n,
  ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (sums[name] ?? 0) + n * value])),
})
