import type { Variables } from '../layer/variables.ts'
import type { StateFn, StateOf, Transformation } from '../optim/transformation.ts'
import type { Key } from '../random/key.ts'
import type { Batch } from '../type/port.ts'
import type { Float } from '../type/tensor.ts'
import type { ExampleData, MetricRecord } from './evaluate.ts'
import type { FitState } from './fitState.ts'
import type { History } from './history.ts'
import type { Monitor } from './monitor.ts'
import type { StepOptions } from './stepOptions.ts'
import type { StopRule } from './stop.ts'
import type { StopSignal } from './until.ts'

/**
 * An optimizer, or a function that chooses one for each epoch from the history so far: so a rate can depend on
 * progress.
 */
export type Optimizing<F extends StateFn> = Transformation<F> | ((history: History) => Transformation<F>)

type At<P, S, F extends StateFn> = FitState<P, S, StateOf<F, P>>

export interface FitOptions<I, O, P, S, F extends StateFn, T> extends StepOptions<P> {
  /**
   * The training examples, or a source of their minibatches. Examples are put in minibatches of `size`, shuffled anew
   * for each epoch.
   */
  readonly train: ExampleData<Batch<I>, T>
  /** The examples to evaluate on at the end of each epoch. */
  readonly validation?: ExampleData<Batch<I>, T> | undefined
  /** The key for everything random: initial weights, the order of the examples, dropout. Not needed with `from`. */
  readonly key?: Key | undefined
  /** The number of passes over the training examples; 10 by default. */
  readonly epochs?: number | undefined
  /** The number of examples in a minibatch; 32 by default. A source has its own minibatches. */
  readonly size?: number | undefined
  readonly metrics?: MetricRecord<Batch<O>, T> | undefined
  /**
   * The column of the history that selects the best epoch: by default 'validation.loss', or 'loss' without a validation
   * part.
   */
  readonly monitor?: string | Monitor | undefined
  /** Rules that stop the run early, checked at the end of each epoch. */
  readonly stop?: readonly StopRule[] | undefined
  /** The state to resume from, as returned by a run. */
  readonly from?: At<P, S, F> | undefined
  /** Yields a state after each epoch (the default); or after each step too, or after so many steps. */
  readonly every?: 'epoch' | 'step' | number | undefined
  /**
   * Runs the steps from programs, as by `compile`, if possible: with the same bits, and faster. True makes it an error,
   * which says why, if that is not possible; false runs plain steps.
   */
  readonly compiled?: boolean | 'if possible' | undefined
  /**
   * The variables to evaluate and to keep as the best: by default the run's own; or an average of them, as `ema` and
   * `scheduleFree` keep.
   */
  readonly evaluated?: ((run: At<P, S, F>) => Variables<P, S>) | undefined
  readonly dtype?: Float | undefined
  /** The initial variables; by default drawn from the key. */
  readonly variables?: Variables<P, S> | undefined
  /** Stops the run after the current step. */
  readonly signal?: StopSignal | undefined
}
