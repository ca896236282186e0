import type { Diff } from '../diff/diff.ts'
import type { AnyLayer, Context, In, Layer, Out, Params, State } from '../layer/layer.ts'
import { checkVariables, init, trustVariables, type Variables } from '../layer/variables.ts'
import type { Loss, Scalar } from '../loss/loss.ts'
import { applyUpdates, type StateFn, type StateOf, type Transformation } from '../optim/transformation.ts'
import { foldIn, type Key } from '../random/key.ts'
import { ones } from '../tensor/create.ts'
import { item } from '../tensor/to.ts'
import type { Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'
import type { Float, Tensor } from '../type/tensor.ts'

/** Where a training run stands: all that it takes to go on from there. A plain value; to keep it is to have a checkpoint. */
export interface Training<P, S, O> {
  /** How many minibatches have been learnt from. */
  readonly step: number
  readonly params: P
  readonly state: S
  readonly optimizer: O
  readonly key: Key
}

/** A minibatch to learn from. */
export interface Example<X, T> {
  readonly input: X
  readonly target: T
}

/** What a step of training tells about itself. */
export interface Metrics<Y> {
  /** The number of this step, from 0. */
  readonly step: number
  readonly loss: number
  /** What the layer gave for the minibatch, before it learnt from it. */
  readonly output: Y
}

/**
 * The beginning of a training run: variables drawn from the key (or given), and the optimizer's first state.
 *
 * @example
 * import { adam, key, linear, start } from 'pullback'
 * start(linear(3, 2), adam(), key(0)).step // => 0
 */
export const start = <I, O, P extends Tree, S, F extends StateFn>(
  layer: Layer<I, O, P, S>,
  optimizer: Transformation<F>,
  key: Key,
  { dtype = 'float32', variables }: { readonly dtype?: Float; readonly variables?: Variables<P, S> } = {},
): Training<P, S, StateOf<F, P>> => {
  const { params, state } = variables ?? init(layer, foldIn(key, 'init'), { dtype })
  checkVariables(layer, { params, state })
  return { step: 0, params, state, optimizer: optimizer.init(params), key }
}

type At<L extends AnyLayer, F extends StateFn> = Training<Params<L>, State<L>, StateOf<F, Params<L>>>

/** From where a run stands and a minibatch to where it stands after, and what the step tells. */
export type TrainStep<L extends AnyLayer, F extends StateFn, T> = (
  at: At<L, F>,
  batch: Example<Batch<In<L>>, T>,
) => readonly [At<L, F>, Metrics<Batch<Out<L>>>]

/**
 * One step of training, as a pure function: from where a run stands and a minibatch, to where it stands after learning from
 * it, and what the step tells. Forward through the layer and the loss, backward through their pullbacks, the gradient
 * through the optimizer, and the update added to the parameters.
 *
 * @example
 * import { fromNested, key, leastSquares, linear, sgd, start, trainStep } from 'pullback'
 * const [layer, optimizer] = [linear(1, 1), sgd(0.1)]
 * const step = trainStep(layer, leastSquares, optimizer)
 * const batch = { input: fromNested([[1], [2]]), target: fromNested([[2], [4]]) }
 * const [after, first] = step(start(layer, optimizer, key(0)), batch)
 * const [, second] = step(after, batch)
 * second.loss < first.loss // => true
 */
export function trainStep<L extends AnyLayer, F extends StateFn>(
  layer: L,
  loss: <Y extends Tensor>(target: Y) => Diff<Y, Scalar>,
  optimizer: Transformation<F>,
): TrainStep<L, F, Batch<Out<L>>>
export function trainStep<L extends AnyLayer, F extends StateFn, T>(
  layer: L,
  loss: Loss<Batch<Out<L>>, T>,
  optimizer: Transformation<F>,
): TrainStep<L, F, T>
export function trainStep<F extends StateFn>(
  layer: AnyLayer,
  // biome-ignore lint/suspicious/noExplicitAny: what the loss takes is known to the signatures above
  loss: (target: any) => Diff<any, Scalar>,
  optimizer: Transformation<F>,
): TrainStep<AnyLayer, F, unknown> {
  return (at, { input, target }) => {
    checkVariables(layer, at)
    const context: Context = { mode: 'train', key: foldIn(at.key, at.step) }
    const { value: output, state, pullback } = layer.apply(at.params, at.state, context, input)
    const [value, back] = loss(target)(output)
    const gradient = pullback(back(ones([], value.dtype))).params()
    const [updates, optimizerState] = optimizer.update(gradient, at.optimizer, at.params)
    const params = applyUpdates(at.params, updates)
    trustVariables(layer, { params, state })
    return [
      { step: at.step + 1, params, state, optimizer: optimizerState, key: at.key },
      { step: at.step, loss: item(value), output },
    ]
  }
}
