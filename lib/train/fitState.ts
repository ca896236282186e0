import type { Variables } from '../layer/variables.ts'
import type { History } from './history.ts'
import type { Training } from './training.ts'

/** The epoch whose monitored column was best, and the variables at its end. */
export interface Best<P, S> extends Variables<P, S> {
  readonly epoch: number
  readonly value: number
}

/** Where `fit` stands: a `Training` and all else that it takes to go on from there. A plain value; to keep it is to have a checkpoint. */
export interface FitState<P, S, O> extends Training<P, S, O> {
  /** Epochs that are over. */
  readonly epoch: number
  /** Minibatches of the epoch under way that have been learnt from; 0 at the end of an epoch. */
  readonly position: number
  /** Minibatches in an epoch; undefined where only its end tells. */
  readonly count: number | undefined
  /** Of the epoch under way: the number of examples, and the loss and the metrics, each summed over the examples. */
  readonly sums: { readonly [name: string]: number }
  readonly history: History
  /** Undefined until an epoch is over. */
  readonly best: Best<P, S> | undefined
  /** Seconds of training so far, those before an interruption included. */
  readonly seconds: number
  /** Why the run has ended, if a rule has ended it. */
  readonly stopped: string | undefined
}

/** The means over the examples of an epoch that is over. */
export const means = ({
  examples = 0,
  ...sums
}: FitState<never, never, never>['sums']): { readonly [name: string]: number } =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / examples]))

/** Sums with those of one more minibatch of n examples. */
export const added = (
  { examples = 0, ...sums }: FitState<never, never, never>['sums'],
  n: number,
  values: { readonly [name: string]: number },
): { readonly [name: string]: number } => ({
  examples: examples + n,
  ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (sums[name] ?? 0) + n * value])),
})
