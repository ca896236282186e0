// Data as the kit gives it to a program: a part to train on and a part for the test, and what the page draws of it.
import { type Examples, examples, fromArray, type Tensor } from 'pullback'
import type { DataInfo } from '../../message.ts'

export type Input = Tensor<readonly [number, ...number[]]>
export type Labels = Tensor<readonly [number], 'int32'>
export type Part = Examples<{ readonly input: Input; readonly target: Labels }>

export interface Dataset {
  readonly info: DataInfo
  readonly train: Part
  readonly test: Part
}

/** A part of the data, from the numbers of all its examples one after the other. */
export const part = (numbers: Float32Array, labels: Int32Array, shape: readonly number[]): Part => {
  const count = labels.length
  return examples({
    input: fromArray(numbers, [count, ...shape]) as Input,
    target: fromArray(labels, [count], 'int32') as Labels,
  })
}

/** How many pictures of the test are shown. */
const sampled = 20

/** The first examples to train on, the others for the test. */
export const dataset = (
  numbers: Float32Array,
  labels: Int32Array,
  shape: readonly number[],
  trained: number,
  about: Pick<DataInfo, 'labels' | 'extent'>,
): Dataset => {
  const size = shape.reduce((product, n) => product * n, 1)
  const isPlane = shape.length === 1 && size === 2
  const isPicture = shape.length === 3
  const end = trained + sampled
  return {
    info: {
      ...about,
      shape,
      trained,
      tested: labels.length - trained,
      points: isPlane ? { places: numbers, labels, trained } : undefined,
      samples: isPicture
        ? { pixels: numbers.slice(trained * size, end * size), labels: labels.slice(trained, end) }
        : undefined,
    },
    train: part(numbers.slice(0, trained * size), labels.slice(0, trained), shape),
    test: part(numbers.slice(trained * size), labels.slice(trained), shape),
  }
}
