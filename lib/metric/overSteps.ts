import { checkOptions } from '../error/options.ts'
import { ShapeError, StructureError, ValueError } from '../error/tensorError.ts'
import type { Steps } from '../loss/overSteps.ts'
import { gather } from '../op/indexing/gather.ts'
import { fold } from '../op/shape/reshape.ts'
import { checkTensor, describe } from '../tensor/data.ts'
import { fromArray } from '../tensor/from.ts'
import { showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { isStreaming, type Streaming, streaming } from './streaming.ts'

const checkSteps = (output: AnyTensor, target: AnyTensor): void => {
  for (const x of [output, target]) checkTensor('overSteps', x)
  const [[batch, steps], sizes] = [output.shape, target.shape]
  if (output.shape.length < 2 || sizes.length < 2 || batch !== sizes[0] || steps !== sizes[1])
    throw new ShapeError({
      op: 'overSteps',
      expected: 'outputs and targets [batch, steps, …]',
      actual: `${showShape(output.shape)} and ${showShape(target.shape)}`,
    })
}

/**
 * A metric of single steps as one of sequences: every step of every sequence counts as an example. Outputs are [batch,
 * steps, …], and targets have a step axis too. With `ignore`, steps with that label do not count, such as those of
 * padding. It streams over minibatches as the metric does. A metric that does not stream is a `StructureError`, an
 * `ignore` that is not a whole number a `ValueError`; other errors are those of the metric.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * const accuracy = metric.overSteps(metric.accuracy, { ignore: -1 })
 * const scores = fromNested([[[1, 2], [4, 3]], [[1, 2], [0, 9]]])
 * accuracy(scores, fromNested([[1, 1], [1, -1]], 'int32')).toFixed(4) // => '0.6667'
 */
export const overSteps = <Y, T, A, V>(
  metric: Streaming<Y, T, A, V>,
  options: { readonly ignore?: number | undefined } = {},
): Streaming<Steps<Y>, Steps<T>, A, V> => {
  if (!isStreaming(metric))
    throw new StructureError({
      op: 'overSteps',
      expected: 'a metric that streams, such as metric.accuracy or one of metric.streaming',
      actual: describe(metric),
    })
  checkOptions('overSteps', options, ['ignore'])
  const { ignore } = options
  if (ignore !== undefined && !Number.isInteger(ignore))
    throw new ValueError({ op: 'overSteps', expected: 'a whole label to ignore', actual: describe(ignore) })
  const of = (output: AnyTensor, target: AnyTensor): A => {
    checkSteps(output, target)
    const [y, labels] = [fold(output), fold(target)]
    const counted = ignore === undefined ? [] : toArray(labels).flatMap((label, i) => (label === ignore ? [] : [i]))
    if (ignore === undefined || counted.length === labels.size) return metric.of(y as Y, labels as T)
    const index = fromArray(counted, [counted.length], 'int32')
    return metric.of(gather(y as never, index) as Y, gather(labels as never, index) as T)
  }
  return streaming({ empty: metric.empty, of, concat: metric.concat, value: metric.value }) as never
}
