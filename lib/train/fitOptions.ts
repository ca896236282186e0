import type { Variables } from '../layer/variables.ts'
import type { StateFn, StateOf, Transformation } from '../optim/transformation.ts'
import type { Key } from '../random/key.ts'
import type { Batch } from '../type/port.ts'
import type { Float } from '../type/tensor.ts'
import type { ExampleData, MetricRecord } from './evaluate.ts'
import type { FitState } from './fitState.ts'
import type { History } from './history.ts'
import type { Monitor } from './monitor.ts'
import type { StopRule } from './stop.ts'
import type { StepOptions } from './training.ts'
import type { StopSignal } from './until.ts'

/** An optimizer, or one for each epoch from what has been found so far: so a rate can wait for progress. */
export type Optimizing<F extends StateFn> = Transformation<F> | ((history: History) => Transformation<F>)

type At<P, S, F extends StateFn> = FitState<P, S, StateOf<F, P>>

export interface FitOptions<I, O, P, S, F extends StateFn, T> extends StepOptions<P> {
  /** What to learn from. Examples come in minibatches of `size`, shuffled anew for each epoch. */
  readonly train: ExampleData<Batch<I>, T>
  /** What to evaluate on at the end of each epoch. */
  readonly validation?: ExampleData<Batch<I>, T> | undefined
  /** From which everything random is drawn: first weights, the order of the examples, dropout. Not needed with `from`. */
  readonly key?: Key | undefined
  /** How many times to go over the training examples; 10 unless given. */
  readonly epochs?: number | undefined
  /** Examples in a minibatch; 32 unless given. A source has minibatches of its own. */
  readonly size?: number | undefined
  readonly metrics?: MetricRecord<Batch<O>, T> | undefined
  /** The column of the history by which the best epoch is chosen: 'validation.loss', or 'loss' without a validation part. */
  readonly monitor?: string | Monitor | undefined
  /** Rules that end the run early, asked at the end of each epoch. */
  readonly stop?: readonly StopRule[] | undefined
  /** The state to go on from, as a run has given it. */
  readonly from?: At<P, S, F> | undefined
  /** A state after each epoch, which is the default, or after each step too. */
  readonly every?: 'epoch' | 'step' | undefined
  /** The variables that are evaluated and kept as the best: the run's own unless given, or an average of them, as `ema` keeps. */
  readonly evaluated?: ((run: At<P, S, F>) => Variables<P, S>) | undefined
  readonly dtype?: Float | undefined
  /** The first variables; drawn from the key unless given. */
  readonly variables?: Variables<P, S> | undefined
  /** Ends the run after the step under way. */
  readonly signal?: StopSignal | undefined
}
