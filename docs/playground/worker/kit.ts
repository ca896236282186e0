// What a program imports from 'playground': the data, and `train`.
import type { AnyLayer, Fits, In, Loss, Out, Params, ShowPort, StateFn, Tensor, Transformation } from 'pullback'
import type { Classes, Shape, Size } from './chosen.ts'
import { dataGiven, declare, type Experiment } from './experiment.ts'

type Labels = Tensor<readonly [number], 'int32'>

/** Examples in the order of their rows. */
export interface Part {
  readonly input: Tensor<readonly [number, ...Shape]>
  readonly target: Labels
}

export interface Data {
  /** The shape of one example, for `input(data.shape)`. */
  readonly shape: Shape
  /** The count of numbers in one example. */
  readonly size: Size
  /** The count of classes. */
  readonly classes: Classes
  /** The examples to train on. */
  readonly train: Part
  /** The examples kept for the test. */
  readonly test: Part
}

/** A network that does not suit the data, as a sentence. */
export type Misfit<L extends AnyLayer> =
  Fits<In<L>, Shape> extends true
    ? Fits<Out<L>, readonly [Classes]> extends true
      ? never
      : `gives ${ShowPort<Out<L>>}, but the data has ${Classes} classes: end with linear(…, data.classes)`
    : `takes ${ShowPort<In<L>>}, but the data gives ${ShowPort<Shape>}`

export interface TrainOptions<P> {
  /** The count of examples in a minibatch; 50 by default. */
  readonly batch?: number | undefined
  /** A term of the loss that depends on the parameters, such as `l2(1e-3)`. */
  readonly penalty?: ((params: P) => Tensor<readonly []>) | undefined
}

const read = (): Data => {
  const { info, train, test } = dataGiven()
  const size = info.shape.reduce((product, n) => product * n, 1)
  const found = { shape: info.shape, size, classes: info.labels.length, train: train.data, test: test.data }
  return found as unknown as Data
}

/** The data that is chosen on the page. */
export const data: Data = read()

/**
 * Gives the page a network to train: its buttons run, pause and step it. The network takes an example of the data and
 * gives a score for each class.
 */
export const train = <L extends AnyLayer, F extends StateFn>(
  network: L & ([Misfit<L>] extends [never] ? unknown : Misfit<L>),
  loss: Loss<Tensor<readonly [number, number]>, Labels>,
  optimizer: Transformation<F>,
  options: TrainOptions<Params<L>> = {},
): void => declare({ network, loss, optimizer, ...options } as unknown as Experiment)
