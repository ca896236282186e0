import {
  type AnyLayer,
  type AnyTensor,
  adamw,
  type Float,
  init,
  key,
  leastSquares,
  op,
  random,
  type Shape,
  type StateFn,
  sgd,
  softmaxCrossEntropy,
  start,
  type Transformation,
  type Tree,
  trainStep,
} from 'pullback'

const optimizers = { sgd, adamw } as const

export const learningRates = { sgd: 0.01, adamw: 0.001 } as const

const losses = { softmaxCrossEntropy, leastSquares } as const

/** A network to train on one minibatch, again and again. */
export interface Workload {
  readonly name: string
  readonly about: string
  /**
   * How the peers build it: dense layers with ReLU between them, or two convolutions before one dense layer. Where a
   * dense layer has a scale and a shift, they are those of a batch normalization after it, with all else as PyTorch has
   * it unless told.
   */
  readonly kind: 'perceptron' | 'convolutional'
  readonly network: AnyLayer
  /** The same network with entries dropped after each ReLU. */
  readonly dropout?: { readonly drop: number; readonly network: AnyLayer }
  readonly optimizer: keyof typeof optimizers
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

/**
 * Training as a user of pullback writes it. Each call begins anew from the first parameters. With dropout only where
 * `noisy` asks for it, since each library draws masks of its own.
 */
export const beginning = (
  { dropout, network: quiet, optimizer: name, loss, dtype }: Workload,
  { params, input, target }: Numbers,
  noisy = false,
): (() => Step) => {
  const network = noisy && dropout !== undefined ? dropout.network : quiet
  const optimizer = optimizers[name](learningRates[name]) as Transformation<StateFn>
  const { state } = init(network, key(0), { dtype })
  const step = trainStep(network, losses[loss] as never, optimizer)
  const first = start(network, optimizer, key(0), { variables: { params, state } })
  const minibatch = { input, target } as never
  return () => {
    let run = first
    return () => {
      const [next, metrics] = step(run, minibatch)
      run = next
      return metrics.loss
    }
  }
}

/** The losses of the first steps. */
export const lossesOf = (begin: () => Step, steps: number): readonly number[] => {
  const step = begin()
  return Array.from({ length: steps }, () => step())
}
