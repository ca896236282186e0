import type { Tensor } from './tensor.ts'

/** The scores of a minibatch: a row for each example, a column for each class. */
export type Scores = Tensor<readonly [number, number]>

/** The class label of each example of a minibatch. */
export type Labels = Tensor<readonly [number], 'int32'>
