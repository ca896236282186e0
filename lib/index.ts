export { gradCheck, type LayerCheckOptions } from './check/gradCheck.ts'
export { decodeIdx, type IdxData } from './codec/idx.ts'
export { type Issue, showIssues } from './codec/issue.ts'
export { type Examples, examples, select, shuffled } from './data/examples.ts'
export { type EpochOptions, epochs, minibatches } from './data/minibatches.ts'
export { chainRule, type Diff, identityDiff } from './diff/diff.ts'
export { lift } from './diff/lift.ts'
export type { Operation } from './diff/primitive.ts'
export {
  DerivativeError,
  DTypeError,
  type ErrorFields,
  ShapeError,
  StructureError,
  TensorError,
  TracedError,
  ValueError,
} from './error/tensorError.ts'
export { engine, threads, useEngine } from './kernel/engine.ts'
export type { Kernels as Engine } from './kernel/kernels.ts'
export {
  gelu,
  geluTanh,
  hardsigmoid,
  hardswish,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softsign,
  tanh,
} from './layer/activation.ts'
export { elu, hardtanh, leakyRelu, softplus } from './layer/activationWith.ts'
export { apply, predict } from './layer/apply.ts'
export { type Chained, type Composed, compose } from './layer/compose.ts'
export { type Conv2dParams, type Convolved, conv2d } from './layer/conv2d.ts'
export { type Declarations, type Definition, layer, type ParamsOf, type PortOf } from './layer/custom.ts'
export { elementwise } from './layer/elementwise.ts'
export { type Flattened, flatten } from './layer/flatten.ts'
export { identity, input } from './layer/identity.ts'
export { allZeros, constant } from './layer/init/constant.ts'
export { type NormalOptions, normalWith, truncatedNormal, uniformBetween } from './layer/init/drawn.ts'
export { gain } from './layer/init/gain.ts'
export { identityMap } from './layer/init/identityMap.ts'
export { orthogonal } from './layer/init/orthogonal.ts'
export { sparse } from './layer/init/sparse.ts'
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  type VarianceOptions,
  varianceScaling,
} from './layer/init/varianceScaling.ts'
export { type Chosen, initWith } from './layer/initWith.ts'
export type {
  AnyLayer,
  Context,
  Cotangents,
  Empty,
  In,
  Initializer,
  Layer,
  Leaf,
  Out,
  Params,
  Spec,
  State,
  Step,
  Structure,
} from './layer/layer.ts'
export { linear } from './layer/linear.ts'
export { maxPool2d, type Pooled } from './layer/maxPool2d.ts'
export { named } from './layer/named.ts'
export { type PreluParams, prelu } from './layer/prelu.ts'
export { summary } from './layer/summary.ts'
export { count, init, type Variables } from './layer/variables.ts'
export type { ClassificationLoss } from './loss/classification.ts'
export { leastSquares, type RegressionLoss } from './loss/leastSquares.ts'
export { defineLoss, type Loss, type PerExample, type Reductions, type Scalar } from './loss/loss.ts'
export { multiclassHinge } from './loss/multiclassHinge.ts'
export { softmaxCrossEntropy } from './loss/softmaxCrossEntropy.ts'
export { accuracy, confusionMatrix } from './metric/classification.ts'
export { cast, type InPrecision } from './op/cast.ts'
export * as op from './op/index.ts'
export { getVectorSpace, type VectorSpace } from './op/vectorSpace.ts'
export { adam, sgd } from './optim/alias.ts'
export { type Chained as ChainedState, chain } from './optim/chain.ts'
export { momentum, type Velocity, type WithVelocity } from './optim/momentum.ts'
export { scale } from './optim/scale.ts'
export { type AdamOptions, type Moments, scaleByAdam, type WithMoments } from './optim/scaleByAdam.ts'
export {
  applyUpdates,
  type StateFn,
  type Stateless,
  type StateOf,
  type Transformation,
} from './optim/transformation.ts'
export * as random from './random/index.ts'
export { type Key, key } from './random/key.ts'
export { show } from './show/show.ts'
export { eye, full, oneHot, ones, range, zeros } from './tensor/create.ts'
export type { Data, DataOf } from './tensor/data.ts'
export { dim } from './tensor/dim.ts'
export { approxEqual, eqTensor } from './tensor/eq.ts'
export {
  type FormatOf,
  fromArray,
  fromNdarray,
  fromNested,
  type Nested,
  type ShapeOf,
  unsafeFromBuffer,
} from './tensor/from.ts'
export { type Sized, shaped } from './tensor/shaped.ts'
export { item, type NestedOf, toArray, toNdarray, toNested, toTypedArray } from './tensor/to.ts'
export { isTensor } from './tensor/view.ts'
export type { Range } from './tensor/views.ts'
export { type ScanStep, scan, scanSync } from './train/scan.ts'
export { type Example, type Metrics, start, type Training, type TrainStep, trainStep } from './train/training.ts'
export type { CheckedTensor, CheckOptions, GradReport } from './transform/checkDiff.ts'
export { grad, type ScalarFunction, valueAndGrad } from './transform/grad.ts'
export { hvp, jvp } from './transform/jvp.ts'
export { vjp } from './transform/vjp.ts'
export * as tree from './tree/index.ts'
export type { Tree } from './tree/tree.ts'
export type { Labels, Scores } from './type/classification.ts'
export type { Any, Apply, Batch, Fits, Fn, Port, Same, ShowPort } from './type/port.ts'
export type { Axis, Dim } from './type/shape.ts'
export type { AnyTensor, DType, Float, Shape, Tensor } from './type/tensor.ts'
export type { Padding, Pair, WindowOptions } from './type/window.ts'
