import {
  type AnyLayer,
  type AnyTensor,
  type Float,
  init,
  key,
  leastSquares,
  op,
  random,
  type Shape,
  sgd,
  softmaxCrossEntropy,
  start,
  type Tree,
  trainStep,
} from 'pullback'

export const learningRate = 0.01

const losses = { softmaxCrossEntropy, leastSquares } as const

/** A network to train by plain stochastic gradient descent on one minibatch, again and again. */
export interface Workload {
  readonly name: string
  readonly about: string
  /** How the peers build it: dense layers with ReLU between them, or two convolutions before one dense layer. */
  readonly kind: 'perceptron' | 'convolutional'
  readonly network: AnyLayer
  readonly loss: keyof typeof losses
  readonly outputs: number
  readonly dtype: Float
  readonly batch: number
}

/** What everybody begins with: the first parameters and the minibatch. */
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

/** Training as a user of pullback writes it. Each call begins anew from the first parameters. */
export const beginning = ({ network, loss }: Workload, { params, input, target }: Numbers): (() => Step) => {
  const optimizer = sgd(learningRate)
  const step = trainStep(network, losses[loss] as never, optimizer)
  const first = start(network, optimizer, key(0), { variables: { params, state: {} } })
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
