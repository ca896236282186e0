import { StructureError, ValueError } from '../error/tensorError.ts'
import type { Layer } from '../layer/layer.ts'
import type { Loose } from '../layer/records.ts'
import type { Loss } from '../loss/loss.ts'
import type { RegressionLoss } from '../loss/regression.ts'
import type { StateFn, StateOf, Transformation } from '../optim/transformation.ts'
import { compile } from '../program/compile.ts'
import { foldIn, type Key } from '../random/key.ts'
import { leaves, type Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'
import { checkFit } from './checkFit.ts'
import { measured } from './checkMetrics.ts'
import { checkEpoch } from './checkRun.ts'
import { evaluate, sourceOf } from './evaluate.ts'
import type { FitOptions, Optimizing } from './fitOptions.ts'
import { added, type FitState, means } from './fitState.ts'
import { columnOf, emptyHistory, type History, recorded } from './history.ts'
import { bestOf, monitorOf } from './monitor.ts'
import { noted } from './noted.ts'
import { alone } from './ranks/alone.ts'
import { reasonToStop } from './reasonToStop.ts'
import { scan } from './scan.ts'
import { countOf, joinedSummaries, lossOf, said, summaries, withLoss } from './streams.ts'
import { type Metrics, type Minibatch, start, trainStep } from './training.ts'

type At<P, S, F extends StateFn> = FitState<P, S, StateOf<F, P>>
type LooseState = FitState<Loose, Loose, Loose>

/** The state before the first step. */
const begin = <I, O, P extends Tree, S, F extends StateFn>(
  layer: Layer<I, O, P, S>,
  optimizer: Transformation<F>,
  { key, dtype, variables }: FitOptions<I, O, P, S, F, unknown>,
  count: number | undefined,
): At<P, S, F> => ({
  ...start(layer, optimizer, key as Key, { dtype, variables }),
  epoch: 0,
  position: 0,
  count,
  sums: {},
  streams: {},
  history: emptyHistory,
  best: undefined,
  seconds: 0,
  stopped: undefined,
})

const notCompiled = (reason: string): ValueError =>
  new ValueError({
    op: 'fit',
    expected: 'steps that run from a program',
    actual: `steps of which it cannot be made: ${reason}`,
    code: 'no-program',
    remedy: 'leave out compiled: true, and they run one by one, or change what the reason names',
  })

/** Fewer steps are not worth a program of their own. */
const few = 40

/** The number of steps that run without giving a state. */
const together = 32

/**
 * Trains a layer epoch by epoch: a fold of `trainStep` over minibatches, with shuffling, metrics, validation and early
 * stopping. It yields a state at the end of each epoch (with `every: 'step'` after each step too, with `every: 50` after
 * each fifty steps and at the end of the epoch) and returns the last one. The steps run from programs, as by `compile`.
 * Each state is a `Training` with the history so far and the best variables, so `predict(net, state, x)` works. A run can
 * be resumed from any state, even in another process: `fit(net, loss, optimizer, { …, from: state })` gives the same bits
 * as the run that was not interrupted.
 *
 * The columns of the history are `epoch`, `step`, `seconds`, `loss` and the metrics over the training examples, computed
 * while training. With a validation part there are also `validation.loss` and `validation.…` of each metric over all of
 * it, in evaluation mode. `state.best` has the variables of the best epoch. While training, the loss and metrics that stream (all of the library, and those by
 * `metric.streaming`) are exact over the epoch; of a plain function it is the mean of the minibatches, weighted by their
 * examples, as it is of all in the states between two epochs.
 *
 * An epoch without minibatches, an unknown option, and a monitored column that does not exist are errors; so is a loss
 * that is not finite, which says where it began.
 *
 * @example
 * import { adam, examples, fit, fromNested, key, linear, metric, predict, softmaxCrossEntropy, stop } from 'pullback'
 * const input = fromNested([[0, 1], [1, 0], [0, 2], [2, 0]])
 * const train = examples({ input, target: fromNested([0, 1, 0, 1], 'int32') })
 * const net = linear(2, 2)
 * let state
 * const options = { train, key: key(0), epochs: 20, metrics: { accuracy: metric.accuracy } }
 * for await (state of fit(net, softmaxCrossEntropy, adam(0.1), options));
 * state?.history.accuracy?.at(-1) // => 1
 */
export function fit<I, O, P extends Tree, S, F extends StateFn>(
  layer: Layer<I, O, P, S>,
  loss: RegressionLoss,
  optimizer: Optimizing<F>,
  options: FitOptions<I, O, NoInfer<P>, NoInfer<S>, F, Batch<O>>,
): AsyncGenerator<At<P, S, F>, At<P, S, F>>
export function fit<I, O, P extends Tree, S, F extends StateFn, T>(
  layer: Layer<I, O, P, S>,
  loss: Loss<NoInfer<Batch<O>>, T>,
  optimizer: Optimizing<F>,
  options: FitOptions<I, O, NoInfer<P>, NoInfer<S>, F, NoInfer<T>>,
): AsyncGenerator<At<P, S, F>, At<P, S, F>>
export async function* fit(
  layer: Layer<Loose, Loose, Loose, Loose>,
  loss: Loose,
  optimizer: Optimizing<StateFn>,
  options: FitOptions<Loose, Loose, Loose, Loose, StateFn, Loose>,
): AsyncGenerator<LooseState, LooseState> {
  checkFit(layer, options)
  const { train, validation, epochs = 10, size = 32, metrics = {}, stop = [], every = 'epoch', signal } = options
  const { penalty, probe, guard, compiled = 'if possible', evaluated = (run) => run } = options
  const { comm, exact, compress } = options
  const ranks = comm?.training(comm) ?? alone
  const isOne = comm === undefined || comm.size === 1
  const order = foldIn(options.from?.key ?? (options.key as Key), 'order')
  const source = ranks.sharesOf(sourceOf('fit', train, { size, key: order }), options)
  const monitor = monitorOf('fit', options.monitor ?? (validation === undefined ? 'loss' : 'validation.loss'))
  const optimizerAt = (history: History): Transformation<StateFn> =>
    typeof optimizer === 'function' ? optimizer(history) : optimizer

  let state: LooseState = options.from ?? begin(layer, optimizerAt(emptyHistory), options, source.count)
  ranks.checkRanks(layer, loss, state, options)
  const ownSignal = isOne ? signal : undefined // the ranks agree on it between stretches of steps
  const [clock, before] = [performance.now(), state.seconds]
  const seconds = (): number => before + (performance.now() - clock) / 1000

  let current: { readonly by: Transformation<StateFn>; readonly step: Loose } | undefined
  /** The training step of an optimizer, compiled once for as long as the optimizer stays the same. */
  const stepBy = (by: Transformation<StateFn>): Loose => {
    if (current?.by === by) return current.step
    const plain = trainStep(layer, loss, by, { penalty, probe, guard, comm, exact, compress })
    const isBrief = typeof optimizer === 'function' && (source.count ?? 0) < few
    const isPlain = compiled === false || (compiled === 'if possible' && isBrief)
    current = { by, step: isPlain ? (at: LooseState, batch: Loose) => plain(at, batch) : compile(plain) }
    return current.step
  }

  /** The state at the end of an epoch: evaluated, recorded, and stopped if a rule says so. */
  const closed = async (at: LooseState): Promise<LooseState> => {
    if (at.position === 0)
      throw new StructureError({
        op: 'fit',
        expected: 'minibatches to learn from',
        actual: 'none',
        code: 'empty-batch',
      })
    ranks.checkLearnt(at.epoch + 1, at.params)
    const { params, state: kept } = evaluated(at)
    const found =
      validation === undefined
        ? {}
        : await evaluate(layer, { params, state: kept }, loss, validation, { metrics, signal: ownSignal, comm })
    const validated = Object.fromEntries(Object.entries(found).map(([name, x]) => [`validation.${name}`, x]))
    const trained = { ...means(at.sums), ...lossOf(at.streams), ...said('fit', metrics, at.streams ?? {}) }
    const row = { epoch: at.epoch + 1, step: at.step, seconds: ranks.ofFirst(seconds()), ...trained, ...validated }
    const history = recorded(at.history, row)
    const column = columnOf('fit', history, monitor.column)
    const isBest = bestOf(column, monitor) === column.length - 1
    return {
      ...at,
      epoch: at.epoch + 1,
      position: 0,
      sums: {},
      streams: {},
      history,
      best: isBest ? { epoch: at.epoch + 1, value: column.at(-1) as number, params, state: kept } : at.best,
      seconds: row.seconds,
      stopped: ranks.ofFirst(reasonToStop('fit', stop, history)) ?? undefined,
    }
  }

  const isOver = (): boolean => ranks.anyOf(signal?.aborted === true)
  while (state.stopped === undefined && state.epoch < epochs && !isOver()) {
    const learn = stepBy(optimizerAt(state.history))
    const taken: Loose[] = []
    const minibatches = noted<Loose>(checkEpoch('fit', source.epoch(state.epoch, state.position)), taken)
    let counts = ranks.ownCounts(state)
    /** Puts what the ranks have counted into the state. */
    const pool = (): void => {
      state = { ...state, ...ranks.pooled(metrics, state, counts) }
      counts = ranks.ownCounts(state)
    }
    const options = { signal: ownSignal, every: typeof every === 'number' ? every : every === 'step' ? 1 : together }
    for await (const [next, found] of scan<Loose, Loose, Metrics<Loose>>(learn, state, minibatches, options)) {
      if (compiled === true && learn.reason !== undefined) throw notCompiled(learn.reason)
      let { sums, streams } = counts
      for (const { loss: lost, output } of found) {
        const { input, target }: Minibatch<Loose, Loose> = taken.shift()
        const n = leaves(input)[0]?.shape[0] ?? 0
        if (n === 0 && !isOne) continue // the others have all of it
        const kept = summaries(metrics, output, target)
        const values = measured('fit', metrics, output, target, kept)
        sums = added(sums, n, { loss: lost, ...values })
        streams = joinedSummaries(metrics, withLoss(streams, lost, countOf(loss, output, target)), kept)
      }
      counts = { sums, streams }
      state = { ...state, ...next, position: state.position + found.length }
      if (every !== 'epoch') {
        pool()
        yield { ...state, seconds: seconds() }
      }
      if (!isOne && isOver()) break
    }
    pool()
    if (isOver()) break
    const next = await closed(state).catch((e: unknown) => {
      if (ownSignal?.aborted) return undefined // in the midst of the evaluation, which is made anew when the run goes on
      throw e
    })
    if (next === undefined) break
    state = next
    yield state
  }
  return { ...state, seconds: seconds() }
}
