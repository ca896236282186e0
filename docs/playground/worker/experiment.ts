// The data and the network of this worker: the page gives the one, the program the other, each once.
import type { AnyLayer, Loss, Tensor, Transformation } from 'pullback'
import type { Dataset, Labels } from './data/dataset.ts'

/** What a program gives to `train`, of any types. */
export interface Experiment {
  readonly network: AnyLayer
  readonly loss: Loss<never, Labels>
  readonly optimizer: Transformation<never>
  readonly batch?: number | undefined
  readonly penalty?: ((params: never) => Tensor<readonly []>) | undefined
}

let given: Dataset | undefined
let declared: Experiment | undefined

export const giveData = (dataset: Dataset): void => {
  given = dataset
}

export const dataGiven = (): Dataset => {
  if (given === undefined) throw new Error("'playground' has data on its own page alone")
  return given
}

export const declare = (experiment: Experiment): void => {
  if (declared !== undefined) throw new Error('train was called twice: a program trains one network')
  declared = experiment
}

export const experimentDeclared = (): Experiment | undefined => declared
