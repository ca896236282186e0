import {
  type AnyLayer,
  type AnyTensor,
  adam,
  adamw,
  type Float,
  init,
  key,
  leastSquares,
  mse,
  op,
  random,
  type Shape,
  type StateFn,
  scanSync,
  sgd,
  softmaxCrossEntropy,
  start,
  type Transformation,
  type Tree,
  trainStep,
} from 'pullback'
import { checkCompiled, wayOf } from './ways.ts'

const optimizers = { sgd, adam, adamw } as const

const losses = { softmaxCrossEntropy, leastSquares, mse } as const

/** A network to train on one minibatch, or to predict it with, again and again. */
export interface Workload {
  readonly name: string
  readonly about: string
  /** Whether its parameters are trained, or its outputs predicted from the first ones. */
  readonly task: 'train' | 'predict'
  /**
   * How the peers build it: dense layers with an activation between them, or two convolutions before one dense layer, or as its text
   * says. Where a
   * dense layer has a scale and a shift, they are those of a batch normalization after it, with all else as PyTorch has
   * it unless told.
   */
  readonly kind: 'perceptron' | 'convolutional' | 'recurrent' | 'transformer' | 'autoencoder'
  readonly activation: 'relu' | 'tanh'
  readonly network: AnyLayer
  /** The same network with entries dropped after each ReLU. */
  readonly dropout?: { readonly drop: number; readonly network: AnyLayer }
  readonly optimizer: keyof typeof optimizers
  readonly learningRate: number
  readonly loss: keyof typeof losses
  readonly outputs: number
  readonly dtype: Float
  readonly batch: number
}

/** The start of every participant: the initial parameters and the minibatch. */
export interface Numbers {
  readonly params: Tree
  readonly input: AnyTensor
  readonly target: AnyTensor
}

/** The numbers of a workload, the same on every machine. Classes are as likely as each other; all else is normal. */
export const draw = ({ network, loss, outputs, dtype, batch }: Workload): Numbers => {
  const [forParams, forInput, forTarget] = [key(0), key(1), key(2)]
  return {
    params: init(network, forParams, { dtype }).params as Tree,
    input: random.normal(forInput, [batch, ...(network.input as Shape)], dtype),
    target:
      loss === 'softmaxCrossEntropy'
        ? op.argmax(random.uniform(forTarget, [batch, outputs]))
        : random.normal(forTarget, [batch, outputs], dtype),
  }
}

/** A step of training: it gives the loss before it. */
export type Step = () => number

/** How a workload is run. */
export interface How {
  /** With dropout, where the workload has some: each library draws masks of its own. */
  readonly noisy?: boolean
  /** One of the `ways`. */
  readonly way?: string
}

/** The step, the start and the minibatch of a training as a user of pullback writes it; a compiled step is recorded. */
export const trainingOf = (
  { dropout, network: quiet, optimizer: name, learningRate, loss, dtype }: Workload,
  { params, input, target }: Numbers,
  { noisy = false, way = 'plain' }: How = {},
) => {
  const network = noisy && dropout !== undefined ? dropout.network : quiet
  const optimizer = optimizers[name](learningRate) as Transformation<StateFn>
  const { state } = init(network, key(0), { dtype })
  const step = wayOf(way).prepare(trainStep(network, losses[loss] as never, optimizer))
  const first = start(network, optimizer, key(0), { variables: { params, state } })
  const minibatch = { input, target } as never
  step(first, minibatch)
  checkCompiled(step)
  return { step, first, minibatch }
}

/** Training that hands out every state, whatever the way. Each call begins anew from the first parameters. */
export const beginning = (workload: Workload, numbers: Numbers, how: How = {}): (() => Step) => {
  const { step, first, minibatch } = trainingOf(workload, numbers, how)
  return () => {
    let run = first
    return () => {
      const [next, metrics] = step(run, minibatch)
      run = next
      return metrics.loss
    }
  }
}

/**
 * Training by `scanSync`, which hands out only some of the states. Each call runs a number of steps from the first
 * parameters and gives the losses.
 */
export const scanning = (workload: Workload, numbers: Numbers, how: How): ((steps: number) => readonly number[]) => {
  const { step, first, minibatch } = trainingOf(workload, numbers, how)
  const { every } = wayOf(how.way ?? 'plain')
  return (steps) => {
    const found: number[] = []
    for (const [, metrics] of scanSync(step, first, Array(steps).fill(minibatch), { every }))
      for (const { loss } of metrics) found.push(loss)
    return found
  }
}

/** The losses of the first steps. */
export const lossesOf = (begin: () => Step, steps: number): readonly number[] => {
  const step = begin()
  return Array.from({ length: steps }, () => step())
}
