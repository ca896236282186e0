import { checkCommunicator } from '../comm/checkCommunicator.ts'
import { breathe, isDue } from '../data/breathe.ts'
import { type Examples, rowsWhenNeeded } from '../data/examples.ts'
import { type BatchOptions, batchesBy, type Source } from '../data/source.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError, ValueError } from '../error/tensorError.ts'
import { predict } from '../layer/apply.ts'
import type { AnyLayer, Layer } from '../layer/layer.ts'
import type { Loose } from '../layer/records.ts'
import type { Variables } from '../layer/variables.ts'
import { checkValue, ofTarget } from '../loss/checkValue.ts'
import { checkLoss, type Loss } from '../loss/loss.ts'
import type { RegressionLoss } from '../loss/regression.ts'
import { concat } from '../op/shape/concat.ts'
import { describe } from '../tensor/data.ts'
import { item } from '../tensor/to.ts'
import { leaves, type Tree, zipMany } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'
import { checkMetrics, measured } from './checkMetrics.ts'
import { checkEpoch } from './checkRun.ts'
import { alone } from './ranks/alone.ts'
import type { Communicator } from './ranks/communicator.ts'
import type { Minibatch } from './training.ts'
import { checkSignal, type StopSignal, until } from './until.ts'

/** Metrics by name, functions from outputs and targets to a number, streaming or not: `{ accuracy, f1 }`. */
export type MetricRecord<Y, T> = { readonly [name: string]: (output: Y, target: T) => number }

/** Examples, or a source of their minibatches. */
export type ExampleData<X, T> =
  | { readonly data: Minibatch<X, T>; readonly rows: Examples<Tree>['rows'] }
  | Source<Minibatch<X, T>>

export interface EvaluateOptions<Y, T> {
  readonly metrics?: MetricRecord<Y, T> | undefined
  /** The number of examples that run through the layer at once, if examples are given; 256 by default. */
  readonly size?: number | undefined
  /**
   * The ranks that share the minibatches; each gets the result for all. The source must be the same on each rank.
   */
  readonly comm?: Communicator | undefined
  /** Stops the evaluation, which then is an error. */
  readonly signal?: StopSignal | undefined
}

/** The source of minibatches that is given, or one made from given examples. */
export const sourceOf = <X, T>(op: string, data: ExampleData<X, T>, options: BatchOptions): Source<Minibatch<X, T>> => {
  if (typeof data === 'object' && data !== null) {
    if ('epoch' in data) return data
    if ('rows' in data)
      return (batchesBy(rowsWhenNeeded, options) as unknown as (all: unknown) => Source<Minibatch<X, T>>)(data)
  }
  throw new StructureError({
    op,
    expected: 'examples, or a source of minibatches',
    actual: describe(data),
    remedy: 'examples({ input, target }) makes examples of tensors',
  })
}

/** Concatenates records of tensors along the first axis. */
const below = <T extends Tree>(parts: readonly T[]): T =>
  parts.length === 1
    ? (parts[0] as T)
    : (zipMany<T>('evaluate', parts as unknown as [T, ...NoInfer<T>[]], 1, (...xs) => [concat(xs)])[0] as T)

/**
 * The loss and the metrics of a layer on examples, in evaluation mode: a record `{ loss, …metrics }`. They are computed
 * from the outputs of all minibatches together, so every metric is exact and the size of the minibatches changes
 * results only by rounding. The loss is its mean. An empty set of examples is a `ValueError`.
 *
 * @example
 * import { evaluate, examples, fromNested, init, key, linear, metric, softmaxCrossEntropy, zeros } from 'pullback'
 * const net = linear(2, 3)
 * const data = examples({ input: zeros([4, 2]), target: fromNested([0, 0, 0, 0], 'int32') })
 * const metrics = { accuracy: metric.accuracy }
 * const found = await evaluate(net, init(net, key(0)), softmaxCrossEntropy, data, { metrics })
 * Object.keys(found) // => ['loss', 'accuracy']
 */
export async function evaluate<I, O, P, S>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  loss: RegressionLoss,
  data: ExampleData<Batch<I>, Batch<O>>,
  options?: EvaluateOptions<Batch<O>, Batch<O>>,
): Promise<{ readonly [name: string]: number }>
export async function evaluate<I, O, P, S, T>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  loss: Loss<NoInfer<Batch<O>>, T>,
  data: ExampleData<Batch<I>, NoInfer<T>>,
  options?: EvaluateOptions<Batch<O>, NoInfer<T>>,
): Promise<{ readonly [name: string]: number }>
export async function evaluate(
  layer: AnyLayer,
  variables: Loose,
  loss: Loose,
  data: ExampleData<Loose, Loose>,
  options: EvaluateOptions<Loose, Loose> = {},
): Promise<{ readonly [name: string]: number }> {
  checkOptions('evaluate', options, ['metrics', 'size', 'comm', 'signal'])
  const { metrics = {}, size = 256, comm, signal } = options
  if (comm !== undefined) checkCommunicator('evaluate', comm, 'training')
  const ranks = comm?.training(comm) ?? alone
  checkLoss('evaluate', loss)
  checkMetrics('evaluate', metrics)
  checkSignal('evaluate', signal)
  const source = sourceOf('evaluate', data, { size })
  const own = new Map<number, Tree>()
  const targets: Tree[] = []
  const rows: number[] = []
  for await (const { input, target } of until(checkEpoch('evaluate', source.epoch(0, 0)), signal)) {
    const i = rows.push(leaves(input)[0]?.shape[0] ?? 0) - 1
    if (ranks.runsHere(i)) own.set(i, predict(layer as Layer<Loose, Loose>, variables, input))
    targets.push(target)
    if (isDue()) await breathe()
  }
  const isAborted = ranks.anyOf(signal?.aborted === true)
  const outputs = isAborted ? [] : ranks.outputsOfAll(own, rows)
  if (outputs.length === 0)
    throw new ValueError({
      op: 'evaluate',
      expected: 'at least one example, and the time for all',
      actual: isAborted ? 'an abort' : 'none',
      code: 'empty-batch',
    })
  const [output, target] = [below(outputs), below(targets)]
  const [lost] = checkValue('evaluate', ofTarget<Tree, Tree>('evaluate', loss, target)(output))
  return { loss: item(lost), ...measured('evaluate', metrics, output, target) }
}
