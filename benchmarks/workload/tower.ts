import { type AnyLayer, compose, linear, named, relu } from 'pullback'
import type { Workload } from './workload.ts'

/** A classifier of any size: `depth` hidden layers of `width` units with ReLU on 100 numbers, and 10 classes. */
export const tower = (depth: number, width: number, batch: number): Workload => {
  const hidden = Array.from(
    { length: depth },
    (_, i): AnyLayer => compose(named(`H${i}`, linear(i === 0 ? 100 : width, width) as AnyLayer), relu),
  )
  return {
    name: `${depth}×${width}, ${batch} examples`,
    about: `${depth} hidden layers of ${width}, ${batch} examples`,
    task: 'train',
    kind: 'perceptron',
    activation: 'relu',
    network: [...hidden, named('L', linear(width, 10))].reduce((f: AnyLayer, g: AnyLayer) => compose(f, g) as AnyLayer),
    optimizer: 'sgd',
    learningRate: 0.01,
    loss: 'softmaxCrossEntropy',
    outputs: 10,
    dtype: 'float32',
    batch,
  }
}
