import { ShapeError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { indexOf, showShape, sizeOf } from '../tensor/shape.ts'
import { toTypedArray } from '../tensor/to.ts'
import { isTensor } from '../tensor/view.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'

/**
 * The examples to fit to, [batch, …]; or the sizes of one example, for a layer whose numbers will be loaded from a
 * file.
 */
export type Sample<S extends Shape> = Tensor<readonly [number, ...S], Float> | S

/** The unit that has its own numbers: every entry of an example, or every channel, which is the last axis. */
export type Each = 'entry' | 'channel'

/** The shape of one example of a sample. */
export const exampleShape = <S extends Shape>(op: string, sample: Sample<S>): S => {
  if (Array.isArray(sample)) return sample as unknown as S
  if (isTensor(sample) && sample.shape.length >= 2 && (sample.dtype as string) !== 'int32')
    return sample.shape.slice(1) as unknown as S
  throw new ShapeError({
    op,
    expected: 'examples [batch, …] in float32 or float64 to fit to, or the sizes of one example',
    actual: isTensor(sample) ? `${sample.dtype} ${showShape(sample.shape)}` : describe(sample),
  })
}

/** The shape of the fitted numbers of a layer. */
export const fittedShape = (op: string, shape: Shape, each: Each): Shape => {
  if (each === 'entry') return shape
  if (each === 'channel') return shape.slice(-1)
  throw new ValueError({
    op,
    expected: "'entry' or 'channel' to have numbers of its own",
    actual: describe(each),
    code: 'unknown-choice',
  })
}

/**
 * The values of a sample that share a number, as one column per number. An empty sample and a value that is not finite
 * are a `ValueError` that says where.
 */
export const columnsOf = (op: string, sample: Tensor, shape: Shape): readonly Float64Array[] => {
  const values = toTypedArray(sample)
  const count = sizeOf(shape)
  if (values.length === 0)
    throw new ValueError({
      op,
      expected: 'at least one example to fit to',
      actual: showShape(sample.shape),
      code: 'empty-batch',
    })
  const bad = values.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0)
    throw new ValueError({
      op,
      expected: 'finite numbers to fit to',
      actual: `${values[bad]} at index ${showShape(indexOf(bad, sample.shape))}`,
      code: 'not-finite',
    })
  return Array.from({ length: count }, (_, column) =>
    Float64Array.from({ length: values.length / count }, (_, place) => values[place * count + column] as number),
  )
}
