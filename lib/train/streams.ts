import type { LossDefinition } from '../loss/loss.ts'
import { isStreaming, type Summary } from '../metric/streaming.ts'
import { toArray } from '../tensor/to.ts'
import { checkNumber } from './checkMetrics.ts'

/** The summaries of an epoch so far, by the names of metrics; and of the loss, if its examples have weights. */
export type Streams = { readonly [name: string]: Summary }

type Metrics = { readonly [name: string]: unknown }

const streamed = (metrics: Metrics) =>
  Object.entries(metrics).flatMap(([name, metric]) => (isStreaming(metric) ? [[name, metric] as const] : []))

/** The summaries of one minibatch. */
export const summaries = (metrics: Metrics, output: unknown, target: unknown): Streams =>
  Object.fromEntries(streamed(metrics).map(([name, metric]) => [name, metric.of(output, target) as Summary]))

/** The summaries of the minibatches so far, and of one more. */
export const joinedSummaries = (metrics: Metrics, before: Streams, more: Streams): Streams => ({
  ...before,
  ...Object.fromEntries(
    streamed(metrics).map(([name, { empty, concat }]) => [
      name,
      concat(before[name] ?? empty, more[name] ?? empty) as Summary,
    ]),
  ),
})

/** What streaming metrics say of the summaries of an epoch. */
export const said = (op: string, metrics: Metrics, all: Streams): { readonly [name: string]: number } =>
  Object.fromEntries(
    streamed(metrics).map(([name, { value, empty }]) => [name, checkNumber(op, name, value(all[name] ?? empty))]),
  )

/** The name under which the weights of the loss are kept, which is no name of a metric. */
const ofLoss = 'weights of the loss'

/** The summaries with the loss of one more minibatch, and the sum of its weights, if it has any. */
export const withLoss = (before: Streams, loss: number, weight: number | undefined): Streams => {
  if (weight === undefined) return before
  const [sum, total] = (before[ofLoss] as readonly [number, number] | undefined) ?? [0, 0]
  return { ...before, [ofLoss]: [sum + loss * weight, total + weight] }
}

/** The summaries of two parts of an epoch, with those of the loss. */
export const joinedStreams = (metrics: Metrics, a: Streams, b: Streams): Streams => {
  const [x, y] = [a[ofLoss], b[ofLoss]] as readonly (readonly [number, number] | undefined)[]
  const all = joinedSummaries(metrics, a, b)
  return y === undefined ? all : { ...all, [ofLoss]: [(x?.[0] ?? 0) + y[0], (x?.[1] ?? 0) + y[1]] }
}

/** The mean of the loss over an epoch, if its examples have weights. */
export const lossOf = (all: Streams = {}): { readonly [column: string]: number } => {
  const kept = all[ofLoss] as readonly [number, number] | undefined
  return kept === undefined ? {} : { loss: kept[0] / kept[1] }
}

/** The number of examples that a minibatch counts as in the mean of a loss: the sum of their weights, if it has any. */
export const countOf = (loss: unknown, output: unknown, target: unknown): number | undefined => {
  const { definition } = loss as { readonly definition?: LossDefinition<unknown, unknown> }
  if (definition?.weight === undefined) return undefined
  return toArray(definition.weight(output, target)).reduce((a, b) => a + b, 0)
}
