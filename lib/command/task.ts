import { item, type Loss, type MetricRecord, mae, metric, mse, softmaxCrossEntropy, type Tensor } from '../index.ts'
import type { Outputs } from './network.ts'

type Labels = Tensor<readonly [number], 'int32'>

/** How good outputs are for targets: what is descended, what is watched in each epoch, and what is told at the end. */
export interface Task<T> {
  readonly loss: Loss<Outputs, T>
  readonly watched: MetricRecord<Outputs, T>
  readonly told: MetricRecord<Outputs, T>
}

export const classifying: Task<Labels> = {
  loss: softmaxCrossEntropy,
  watched: { accuracy: metric.accuracy },
  told: { accuracy: metric.accuracy, f1: metric.f1 },
}

/** Outputs and targets are standardized; errors are told in the units of the table, so many in a deviation. */
export const regressing = (deviation: number): Task<Outputs> => {
  const absolute = (z: Outputs, y: Outputs): number => deviation * item(mae(y)(z)[0])
  return {
    loss: mse as Loss<Outputs, Outputs>,
    watched: { mae: absolute },
    told: {
      r2: (z, y) => {
        const share = metric.r2(z, y)
        return share._tag === 'Some' ? share.value : Number.NaN
      },
      mae: absolute,
      rmse: (z, y) => deviation * Math.sqrt(item(mse(y)(z)[0])),
    },
  }
}
