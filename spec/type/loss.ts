import {
  adam,
  binaryCrossEntropy,
  type ClassificationLoss,
  type Configurable,
  compose,
  fromNested,
  huber,
  l2,
  leastSquares,
  linear,
  mae,
  type mse,
  named,
  nll,
  type Optional,
  op,
  type Penalty,
  type RegressionLoss,
  type Scalar,
  type SoftmaxCrossEntropyOptions,
  softmaxCrossEntropy,
  type Tensor,
  tanh,
  trainStep,
} from 'pullback'
import { type Equal, yes } from './equal.ts'

const mlp = compose(named('L1', linear(4, 3)), tanh, named('L2', linear(3, 2)))
declare const output: Tensor<readonly [number, 2]>
declare const target: Tensor<readonly [number, 3]>

// options
yes<Equal<typeof softmaxCrossEntropy, Configurable<ClassificationLoss, Optional<SoftmaxCrossEntropyOptions>>>>()
const wide = huber.with({ delta: 2 })
yes<Equal<typeof wide, RegressionLoss>>()
// @ts-expect-error no such option
huber.with({ beta: 1 })
const averaged = mae.with({ outputs: 'mean' })
yes<Equal<typeof averaged, RegressionLoss>>()
yes<Equal<typeof mse, RegressionLoss>>()
// @ts-expect-error outputs count by their sum or their mean
mae.with({ outputs: 'all' })
// @ts-expect-error nll smooths nothing
nll.with({ smoothing: 0.1 })
// @ts-expect-error labels are no target of a regression
mae(fromNested([1], 'int32'))
// @ts-expect-error "a target [?, 3] for an output [?, 2]"
binaryCrossEntropy(target)(output)

// in training
const regress = trainStep(mlp, wide, adam())
yes<Equal<Parameters<typeof regress>[1]['target'], Tensor<readonly [number, 2]>>>()
const classify = trainStep(mlp, softmaxCrossEntropy.with({ smoothing: 0.1 }), adam(), { penalty: l2(1e-4) })
yes<Equal<Parameters<typeof classify>[1]['target'], Tensor<readonly [number], 'int32'>>>()

// penalties
yes<Equal<ReturnType<typeof l2>, Penalty>>()
trainStep(mlp, leastSquares, adam(), { penalty: ({ L1 }): Scalar => op.sum(op.mul(L1.W, L1.W)) })
// @ts-expect-error the layer has no parameters L3
trainStep(mlp, leastSquares, adam(), { penalty: ({ L3 }): Scalar => op.sum(L3.W) })
// @ts-expect-error a penalty is one number
trainStep(mlp, leastSquares, adam(), { penalty: ({ L1 }) => op.abs(L1.W) })
