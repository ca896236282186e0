import { scoped } from '../diff/scope.ts'
import { checkOptions } from '../error/options.ts'
import { type ValueError, within } from '../error/tensorError.ts'
import { checkVariables, trustParams } from '../layer/checkVariables.ts'
import type { AnyLayer, Layer, Params, State } from '../layer/layer.ts'
import { init, type Variables } from '../layer/variables.ts'
import type { Loss } from '../loss/loss.ts'
import type { RegressionLoss } from '../loss/regression.ts'
import { following } from '../optim/check.ts'
import {
  checkTransformation,
  type StateFn,
  type StateOf,
  type Transformation,
  updated,
} from '../optim/transformation.ts'
import { withParts } from '../program/step.ts'
import { checkKey, foldIn, type Key } from '../random/key.ts'
import { item } from '../tensor/to.ts'
import { fixed } from '../tree/fixed.ts'
import type { Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'
import type { Float } from '../type/tensor.ts'
import { blockOf, checkAt, checkBatch, checkStep } from './checkStep.ts'
import { allFinite, inspectFinite, notFinite, notFiniteTogether } from './guard.ts'
import type { Share } from './ranks/together.ts'
import { penalized, slopeOf } from './slope.ts'
import type { StepOptions } from './stepOptions.ts'

/**
 * The state of a training run: all that is needed to resume it. It is a plain value, so keeping it makes a checkpoint.
 */
export interface Training<P, S, O> {
  /** The number of minibatches used so far. */
  readonly step: number
  readonly params: P
  readonly state: S
  readonly optimizer: O
  readonly key: Key
}

/** The state of a run of a network and an optimizer: `RunOf<typeof net, typeof optimizer>`. */
export type RunOf<L extends AnyLayer, O> =
  O extends Transformation<infer F> ? Training<Params<L>, State<L>, StateOf<F, Params<L>>> : never

/** A minibatch to train on. */
export interface Minibatch<X, T> {
  readonly input: X
  readonly target: T
}

/** The metrics of a training step. */
export interface Metrics<Y> {
  /** The number of this step, from 0. */
  readonly step: number
  /** The loss, plus the penalty if there is one. */
  readonly loss: number
  /** The output of the layer for the minibatch, before the update. */
  readonly output: Y
}

/** The number folded into the key of a run to draw its initial variables: the 32-bit FNV-1a hash of 'init'. */
const drawing = 0x16b1d373

/**
 * The start of a training run: variables drawn from the key (or given), and the optimizer's initial state.
 *
 * @example
 * import { adam, key, linear, start } from 'pullback'
 * start(linear(3, 2), adam(), key(0)).step // => 0
 */
export const start = <I, O, P extends Tree, S, F extends StateFn>(
  layer: Layer<I, O, P, S>,
  optimizer: Transformation<F>,
  key: Key,
  options: { readonly dtype?: Float | undefined; readonly variables?: Variables<P, S> | undefined } = {},
): Training<P, S, StateOf<F, P>> => {
  checkTransformation('start', optimizer)
  checkKey('start', key)
  checkOptions('start', options, ['dtype', 'variables'])
  const { dtype = 'float32', variables = init(layer, foldIn(key, drawing), { dtype }) } = options
  checkVariables(layer, variables)
  const { params, state } = variables
  return { step: 0, params, state, optimizer: optimizer.init(params), key: fixed(key) }
}

type At<P, S, F extends StateFn> = Training<P, S, StateOf<F, P>>

/** The target of a loss: for a regression it has the shape of the layer's output. */
type TargetOf<L, O> = L extends RegressionLoss ? Batch<O> : L extends (target: infer T) => unknown ? T : never

/** A function from the state of a run and a minibatch to the next state and the metrics of the step. */
export type TrainStep<I, O, P, S, F extends StateFn, T> = (
  at: At<P, S, F>,
  batch: Minibatch<Batch<I>, T>,
) => readonly [At<P, S, F>, Metrics<Batch<O>>]

/**
 * One training step as a pure function: from the state of a run and a minibatch to the next state and the metrics of
 * the step. It runs forward through the layer and the loss, backward through their pullbacks, passes the gradient to
 * the optimizer, and adds the update to the parameters. The optimizer's state is part of the run: to change the
 * learning rate, continue with another step. With a `penalty`, such as `l1`, `l2` or `elastic`, it minimizes the sum of
 * the loss and the penalty of the parameters; with a `probe`, such as `sam()`, the gradient is that of another point. A
 * loss that is not finite is an error that tells where it began; the state of the run is not lost. A layer without
 * parameters, which has nothing to learn, is a `StructureError`.
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
export function trainStep<
  I,
  O,
  P extends Tree,
  S,
  F extends StateFn,
  L extends RegressionLoss | Loss<NoInfer<Batch<O>>, never>,
>(
  layer: Layer<I, O, P, S>,
  loss: L,
  optimizer: Transformation<F>,
  options?: StepOptions<NoInfer<P>>,
): TrainStep<I, O, P, S, F, TargetOf<L, O>>
export function trainStep<I, O, P extends Tree, S, F extends StateFn>(
  layer: Layer<I, O, P, S>,
  // biome-ignore lint/suspicious/noExplicitAny: what the loss takes is known to the signatures above
  loss: Loss<any, any>,
  optimizer: Transformation<F>,
  options: StepOptions<P> = {},
): TrainStep<I, O, P, S, F, unknown> {
  checkStep(layer, loss, optimizer, options)
  const { guard = 'loss', penalty, probe, comm, compress } = options
  const block = blockOf(options)
  const ranks = comm !== undefined && (comm.size > 1 || block !== undefined) ? comm.training(comm) : undefined
  const isShared = ranks !== undefined
  const local = ranks?.slopeOf(layer, loss, { block, compress }) ?? slopeOf(layer, loss)
  const slope = (params: P, at: At<P, S, F>, batch: Minibatch<Batch<I>, unknown>) => {
    const found = local(params, at, batch as Share<I>)
    return { ...found, ...penalized(found.value, found.gradient, params, penalty) }
  }
  /** The gradient at the point that a probe gives, of which nothing else is kept. */
  const beyond = (gradient: P, at: At<P, S, F>, batch: Minibatch<Batch<I>, unknown>): P => {
    if (probe === undefined) return gradient
    const params = within('probe', () => probe(at.params, gradient))
    within('probe', () => checkVariables(layer, { params, state: at.state }))
    return slope(params, at, batch).gradient
  }
  const learn = (at: At<P, S, F>, batch: Minibatch<Batch<I>, unknown>) => {
    const { output, state, value, gradient: here } = slope(at.params, at, batch)
    const gradient = beyond(here, at, batch)
    const [params, optimizerState] = within('optimizer', () => updated(optimizer, gradient, at.optimizer, at.params))
    return [
      { step: following(at.step), params, state, optimizer: optimizerState, key: at.key },
      { step: at.step, loss: value, output },
    ] as const
  }
  const checked = (at: At<P, S, F>): At<P, S, F> => {
    checkAt(at)
    checkVariables(layer, at)
    return at
  }
  const step: TrainStep<I, O, P, S, F, unknown> = (at, batch) => {
    checkBatch(batch, isShared)
    checked(at)
    const learnt = scoped(() => {
      const [next, metrics] = learn(at, batch)
      return [next, { ...metrics, loss: item(metrics.loss) }] as const
    })
    const [{ params }, { loss: value }] = learnt
    const wrong = (what: string): ValueError =>
      isShared ? notFiniteTogether(what, at.step) : notFinite(what, layer, loss, at, batch)
    if (guard !== 'none' && !Number.isFinite(value)) throw wrong('a loss')
    if (guard === 'updates' && !allFinite(params)) throw wrong('an update')
    trustParams(layer, params)
    return learnt
  }
  return withParts(step, {
    state: (at: At<P, S, F>) => {
      const { step, params, state, optimizer, key } = checked(at)
      return { step, params, state, optimizer, key }
    },
    item: (batch: Minibatch<Batch<I>, unknown>) => {
      checkBatch(batch, isShared)
      const { input, target } = batch
      return isShared ? { input, target, shard: (batch as Share<I>).shard } : { input, target }
    },
    core: (at: At<P, S, F>, batch: Minibatch<Batch<I>, unknown>) => {
      const learnt = learn(at, batch)
      if (guard === 'updates') inspectFinite(learnt[0].params)
      return learnt
    },
    read: ['loss'],
    accepts: ({ step, loss }: { readonly step: number; readonly loss: number }) => {
      if (guard === 'none' || Number.isFinite(loss)) return true
      if (isShared) throw notFiniteTogether('a loss', step)
      return false
    },
    isShared,
  })
}
