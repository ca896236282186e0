import { StructureError } from '../error/tensorError.ts'
import { isStreaming, type Summary } from '../metric/streaming.ts'
import { describe } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'

type Metric = (output: never, target: never) => number

/** Checks that metrics are functions under names of their own. */
export const checkMetrics = (op: string, metrics: { readonly [name: string]: Metric }): void => {
  const given: unknown = metrics
  const isRecord = typeof given === 'object' && given !== null && !Array.isArray(given)
  const wrong = isRecord ? Object.entries(given).find(([, metric]) => typeof metric !== 'function') : undefined
  if (isRecord && wrong === undefined) return
  throw new StructureError({
    op,
    expected: 'metrics by name, as functions of output and target',
    actual: describe(wrong === undefined ? given : wrong[1]),
    path: wrong === undefined ? ['metrics'] : ['metrics', wrong[0]],
    remedy: 'metrics: { accuracy } has one',
  })
}

/** Checks that a metric has given a number. */
export const checkNumber = (op: string, name: string, found: unknown): number => {
  if (typeof found === 'number') return found
  const isOption = typeof found === 'object' && found !== null && '_tag' in found
  throw new StructureError({
    op,
    expected: 'a metric that gives a number',
    actual: describe(found),
    path: ['metrics', name],
    remedy: isTensor(found)
      ? 'item reads the number of a tensor'
      : isOption
        ? 'metric.mapValue(metric, getOrElse(() => 0)) makes a number of an Option'
        : undefined,
  })
}

/** The values of metrics for outputs and targets, one number each; of streaming ones from their summaries, if given. */
export const measured = <Y, T>(
  op: string,
  metrics: { readonly [name: string]: (output: Y, target: T) => number },
  output: Y,
  target: T,
  summaries: { readonly [name: string]: Summary } = {},
): { readonly [name: string]: number } =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => {
      const summary = Object.hasOwn(summaries, name) ? summaries[name] : undefined
      const isKept = summary !== undefined && isStreaming(metric)
      return [name, checkNumber(op, name, isKept ? metric.value(summary) : metric(output, target))]
    }),
  )
