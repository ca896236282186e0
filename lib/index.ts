export type { CheckedTensor, CheckOptions, GradReport } from './check/checkDiff.ts'
export { gradCheck, type LayerCheckOptions } from './check/gradCheck.ts'
export { type Expected, fromBytes, toBytes } from './codec/bytes.ts'
export { codecOf } from './codec/codecOf.ts'
export { fitCodec } from './codec/fitCodec.ts'
export { fromJSON } from './codec/fromJSON.ts'
export { decodeIdx, type IdxData } from './codec/idx.ts'
export { type Issue, showIssues } from './codec/issue.ts'
export type { FileLimits, LimitOptions } from './codec/limits.ts'
export { type Metadata, type Model, modelFromBytes, modelToBytes } from './codec/model.ts'
export { compact, revive } from './codec/revive.ts'
export { decodeSafetensors, type ListedTensor, listSafetensors, type TensorList } from './codec/safetensors/decode.ts'
export { encodeSafetensors } from './codec/safetensors/encode.ts'
export type { Safetensors } from './codec/safetensors/format.ts'
export type { SelectOptions } from './codec/select.ts'
export type { Json } from './codec/state.ts'
export { checkpointed } from './combinator/checkpointed.ts'
export { type Chained, type Composed, compose } from './combinator/compose.ts'
export { columns, contramap } from './combinator/contramap.ts'
export { type Call, type Calls, define } from './combinator/define.ts'
export { type EachOut, each } from './combinator/each.ts'
export { evaluated } from './combinator/evaluated.ts'
export { type FannedOut, fanout } from './combinator/fanout.ts'
export { type Flattened, flatten } from './combinator/flatten.ts'
export { type Freeze, type FreezeOptions, type Frozen, freeze, thaw } from './combinator/freeze.ts'
export { identity, input } from './combinator/identity.ts'
export { inParts } from './combinator/inParts.ts'
export type { Common, Joined } from './combinator/join.ts'
export * as join from './combinator/join.ts'
export { named } from './combinator/named.ts'
export { type SpectralNormOptions, spectralNorm } from './combinator/reparameterized/spectralNorm.ts'
export { weightNorm } from './combinator/reparameterized/weightNorm.ts'
export { type Repeated, repeat, stack } from './combinator/repeat.ts'
export { type Reshaped, reshape } from './combinator/reshape.ts'
export { type Residual, residual } from './combinator/residual.ts'
export { type SeparableParams, separableConv2d } from './combinator/separableConv2d.ts'
export { type BothWays, bidirectional, type Doubled } from './combinator/sequence/bidirectional.ts'
export type { TransformerOptions } from './combinator/sequence/block.ts'
export { eachStep } from './combinator/sequence/eachStep.ts'
export { type RecurOptions, recur } from './combinator/sequence/recur.ts'
export {
  type DecoderOptions,
  type DecoderParams,
  type Decoding,
  type EncoderParams,
  transformerDecoder,
  transformerEncoder,
} from './combinator/sequence/transformer.ts'
export { type Parts, split } from './combinator/split.ts'
export { type Tied, tie } from './combinator/tie.ts'
export { allReduce } from './comm/allReduce.ts'
export type { Group, Reducible, Reduction } from './comm/group.ts'
export type { Shard } from './comm/shard.ts'
export { type BalancedOptions, balanced, classWeights } from './data/class.ts'
export { type Examples, examples, select, shuffled } from './data/examples.ts'
export { type EpochOptions, epochs, minibatches } from './data/minibatches.ts'
export { type Sharded, type ShardedOptions, sharded } from './data/sharded.ts'
export { type BatchOptions, batches, type Source, type SyncSource } from './data/source.ts'
export { kFold, type SplitOptions, splitExamples } from './data/split.ts'
export * as source from './data/transform.ts'
export { categoryDiff, chainRule, type Diff, identityDiff } from './diff/diff.ts'
export { lift } from './diff/lift.ts'
export type { Operation } from './diff/primitive.ts'
export type { ErrorCode } from './error/codes.ts'
export {
  FileError,
  type FileFields,
  FormatError,
  type FormatFields,
  type FormatReason,
} from './error/fileError.ts'
export type { Difference } from './error/issue.ts'
export { RankError } from './error/rankError.ts'
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
export { type ExplainOptions, explain } from './explain/explain.ts'
export { firstBadGradient, firstNotFinite, type Graph, type GraphNode, type Statistics } from './explain/graph.ts'
export { toDot, toMermaid } from './explain/picture.ts'
export { show, showTree } from './explain/show.ts'
export type { NormalOptions } from './initializer/drawn.ts'
export * as initializer from './initializer/index.ts'
export type { Initializer } from './initializer/initializer.ts'
export type { VarianceOptions } from './initializer/varianceScaling.ts'
export { engine, threads, useEngine } from './kernel/current.ts'
export type { Engine } from './kernel/engine.ts'
export type { Program } from './kernel/program.ts'
export { apply, predict } from './layer/apply.ts'
export type { Cell, Timed } from './layer/cell.ts'
export { type Declarations, type Definition, layer, type ParamsOf, type PortOf } from './layer/custom.ts'
export { elementwise } from './layer/elementwise.ts'
export { type Chosen, initWith } from './layer/initWith.ts'
export type {
  AnyLayer,
  Context,
  Cotangents,
  Empty,
  In,
  Layer,
  Leaf,
  Out,
  Params,
  Spec,
  State,
  Step,
  Structure,
} from './layer/layer.ts'
export { int } from './layer/port.ts'
export { summary } from './layer/summary.ts'
export { count, init, type Variables } from './layer/variables.ts'
export { type BinaryCrossEntropyOptions, binaryCrossEntropy } from './loss/binaryCrossEntropy.ts'
export { categoricalCrossEntropy } from './loss/categoricalCrossEntropy.ts'
export type { ClassificationLoss, LabelOptions } from './loss/classification.ts'
export { cosineDistance } from './loss/cosineDistance.ts'
export { type DiceOptions, dice } from './loss/dice.ts'
export {
  contrastive,
  type EmbeddingPair,
  type EmbeddingTriplet,
  type MarginOptions,
  type TripletOptions,
  tripletMargin,
} from './loss/embedding.ts'
export {
  type BinaryFocalOptions,
  binaryFocal,
  type FocusOptions,
  type SoftmaxFocalOptions,
  softmaxFocal,
} from './loss/focal.ts'
export { type GaussianNllOptions, gaussianNll } from './loss/gaussianNll.ts'
export { type HuberOptions, huber, type SmoothL1Options, smoothL1 } from './loss/huber.ts'
export { klDivergence } from './loss/klDivergence.ts'
export { leastSquares, mse } from './loss/leastSquares.ts'
export {
  type Configurable,
  defineLoss,
  type Loss,
  type LossDefinition,
  type Optional,
  type PerExample,
  type Reductions,
  type Scalar,
} from './loss/loss.ts'
export { mae } from './loss/mae.ts'
export { multiclassHinge } from './loss/multiclassHinge.ts'
export { nll } from './loss/nll.ts'
export { type OverSteps, overSteps } from './loss/overSteps.ts'
export { elastic, l1, l2, type Penalty, type PenaltyOptions } from './loss/penalty.ts'
export type { OutputsOptions, RegressionLoss } from './loss/regression.ts'
export { type SoftmaxCrossEntropyOptions, softmaxCrossEntropy } from './loss/softmaxCrossEntropy.ts'
export { type WeightedTarget, weighted } from './loss/weighted.ts'
export { westonWatkinsHinge } from './loss/westonWatkinsHinge.ts'
export type { ClassMetric } from './metric/classMetric.ts'
export * as metric from './metric/index.ts'
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
} from './nn/activation.ts'
export { elu, hardtanh, leakyRelu, logSoftmaxAlong, softmaxAlong, softplus } from './nn/activationWith.ts'
export { avgPool2d } from './nn/avgPool2d.ts'
export { type BatchNormOptions, batchNorm, type RunningMoments } from './nn/batchNorm.ts'
export { type BilinearParams, bilinear } from './nn/bilinear.ts'
export { type Conv1dParams, type Convolved1d, conv1d } from './nn/conv1d.ts'
export { type Conv2dParams, type Convolved, conv2d } from './nn/conv2d.ts'
export { alphaDropout, type DropoutOptions, dropout, spatialDropout } from './nn/dropout.ts'
export { type ChannelsOnly, globalAvgPool2d } from './nn/globalAvgPool2d.ts'
export { groupNorm } from './nn/groupNorm.ts'
export { type HighwayOptions, highway } from './nn/highway.ts'
export {
  type ConvTranspose1dParams,
  type ConvTranspose2dParams,
  convTranspose1d,
  convTranspose2d,
  type Transposed,
  type Transposed1d,
} from './nn/image/convTranspose.ts'
export { globalMaxPool2d } from './nn/image/globalMaxPool2d.ts'
export { avgPool1d, maxPool1d, type Pooled1d } from './nn/image/pool1d.ts'
export { adaptiveAvgPool2d, type Enlarged, type SizedAs, upsample } from './nn/image/resample.ts'
export { instanceNorm } from './nn/instanceNorm.ts'
export { layerNorm } from './nn/layerNorm.ts'
export { type LinearParams, linear } from './nn/linear.ts'
export { maxout, type Pieces } from './nn/maxout.ts'
export { maxPool2d, type Pooled } from './nn/maxPool2d.ts'
export type { Affine, Last, NormalizationOptions, ScaleShift } from './nn/normalization.ts'
export { type Padded, pad } from './nn/pad.ts'
export { type PreluParams, prelu } from './nn/prelu.ts'
export { rmsNorm } from './nn/rmsNorm.ts'
export { type Attended, type AttentionOptions, type AttentionParams, attention } from './nn/sequence/attention.ts'
export { gruCell, type LstmCarry, lstmCell, type RecurrentParams, rnnCell } from './nn/sequence/cell.ts'
export {
  type CrossAttentionOptions,
  type CrossAttentionParams,
  type Crossed,
  type Crossing,
  crossAttention,
} from './nn/sequence/crossAttention.ts'
export { type Embedded, type EmbeddingOptions, embedding } from './nn/sequence/embedding.ts'
export type { Heads } from './nn/sequence/heads.ts'
export type { Masking } from './nn/sequence/mask.ts'
export type { Carrying, SequenceOptions } from './nn/sequence/options.ts'
export { learnedPosition, type Placed, sinusoidalPosition } from './nn/sequence/position.ts'
export { type Begun, type Carried, gru, lstm, rnn, type Sequence, type Unrolled } from './nn/sequence/recurrent.ts'
export type { EachPart, PartName, StackedParams } from './nn/sequence/stacked.ts'
export { syncBatchNorm } from './nn/syncBatchNorm.ts'
export { cast, type InPrecision } from './op/elementwise/cast.ts'
export * as op from './op/index.ts'
export { oneHot } from './op/indexing/oneHot.ts'
export { getVectorSpace, type VectorSpace } from './op/tree/vectorSpace.ts'
export { type AdafactorOptions, adafactor } from './optim/adafactor.ts'
export { adam, adamw, type DecayOptions } from './optim/adam.ts'
export { addDecayedWeights } from './optim/addDecayedWeights.ts'
export { adadelta, adagrad, adamax, amsgrad, lamb, lion, muon, nadam, radam } from './optim/alias.ts'
export { type Chained as ChainedState, chain } from './optim/chain.ts'
export { clipByGlobalNorm, clipByNorm, clipByRms, clipByValue } from './optim/clip.ts'
export { type LbfgsOptions, lbfgs, type Minimum } from './optim/lbfgs/lbfgs.ts'
export { type MomentumOptions, momentum } from './optim/momentum.ts'
export { type RmspropOptions, rmsprop } from './optim/rmsprop.ts'
export { type Probe, type SamOptions, sam } from './optim/sam.ts'
export { scale } from './optim/scale/scale.ts'
export { type AdadeltaOptions, scaleByAdadelta } from './optim/scale/scaleByAdadelta.ts'
export { type AdagradOptions, scaleByAdagrad } from './optim/scale/scaleByAdagrad.ts'
export { type AdamOptions, scaleByAdam } from './optim/scale/scaleByAdam.ts'
export { scaleByAdamax } from './optim/scale/scaleByAdamax.ts'
export { scaleByAmsgrad } from './optim/scale/scaleByAmsgrad.ts'
export { type FactoredOptions, scaleByFactoredRms } from './optim/scale/scaleByFactoredRms.ts'
export { type LionOptions, scaleByLion } from './optim/scale/scaleByLion.ts'
export { type MuonOptions, scaleByMuon } from './optim/scale/scaleByMuon.ts'
export { type NadamOptions, type NadamState, scaleByNadam, type WithNadamState } from './optim/scale/scaleByNadam.ts'
export { scaleByParameterRms } from './optim/scale/scaleByParameterRms.ts'
export { scaleByRadam } from './optim/scale/scaleByRadam.ts'
export { type RmsOptions, scaleByDeviation, scaleByRms } from './optim/scale/scaleByRms.ts'
export {
  type Counted,
  type Rate,
  scaleByLearningRate,
  scaleBySchedule,
  type WithCount,
} from './optim/scale/scaleBySchedule.ts'
export { scaleByTrustRatio } from './optim/scale/scaleByTrustRatio.ts'
export * as schedule from './optim/schedule/index.ts'
export type { Schedule } from './optim/schedule/schedule.ts'
export { scheduleFreeAdamw } from './optim/scheduleFreeAdamw.ts'
export { type SgdOptions, sgd } from './optim/sgd.ts'
export { bySlots, type SlotStep, type Slots, type WithReshaped, type WithSlots } from './optim/slots.ts'
export {
  applyUpdates,
  type StateFn,
  type Stateless,
  type StateOf,
  type Transformation,
} from './optim/transformation.ts'
export { type Accumulated, type Accumulates, accumulate } from './optim/wrapper/accumulate.ts'
export { averagedOverRanks } from './optim/wrapper/averagedOverRanks.ts'
export { type Averaged, type Averages, averaged, ema } from './optim/wrapper/ema.ts'
export { type LookaheadOptions, type LookingAhead, type LooksAhead, lookahead } from './optim/wrapper/lookahead.ts'
export { type Partitioned, type PartitionState, partition } from './optim/wrapper/partition.ts'
export { maxNorm, type Projection, projected } from './optim/wrapper/projected.ts'
export {
  type ScheduleFreeOptions,
  type ScheduleFreeState,
  scheduleFree,
  type WithScheduleFree,
} from './optim/wrapper/scheduleFree.ts'
export type { Each, Sample } from './preprocess/fitted.ts'
export { minMax } from './preprocess/minMax.ts'
export { oneHotColumns } from './preprocess/oneHotColumns.ts'
export type { Scaling, ScalingOptions } from './preprocess/scaling.ts'
export { standardize } from './preprocess/standardize.ts'
export { type Compiled, compile } from './program/compile.ts'
export { type Profile, profile, type TimedCall } from './program/profile.ts'
export * as random from './random/index.ts'
export { type Key, key } from './random/key.ts'
export { eye, full, ones, range, zeros } from './tensor/create.ts'
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
export { showTensor } from './tensor/show.ts'
export { item, type NestedOf, toArray, toNdarray, toNested, toTypedArray } from './tensor/to.ts'
export { isTensor } from './tensor/view.ts'
export type { Range } from './tensor/views.ts'
export { type EvaluateOptions, type ExampleData, evaluate, type MetricRecord } from './train/evaluate.ts'
export { fit } from './train/fit.ts'
export type { FitOptions, Optimizing } from './train/fitOptions.ts'
export type { Best, FitState } from './train/fitState.ts'
export type { History } from './train/history.ts'
export type { Monitor } from './train/monitor.ts'
export type { Communicator, TrainingOnRanks } from './train/ranks/communicator.ts'
export { oneProcess } from './train/ranks/oneProcess.ts'
export { type Every, type ScanStep, scan, scanSync } from './train/scan.ts'
export type { StepOptions } from './train/stepOptions.ts'
export type { StopRule } from './train/stop.ts'
export * as stop from './train/stop.ts'
export {
  type Metrics,
  type Minibatch,
  type RunOf,
  start,
  type Training,
  type TrainStep,
  trainStep,
} from './train/training.ts'
export type { StopSignal } from './train/until.ts'
export { checkpoint } from './transform/checkpoint.ts'
export { customVjp } from './transform/customVjp.ts'
export { grad, type ScalarFunction, valueAndGrad } from './transform/grad.ts'
export { hessian, type Jacobian, jacobian } from './transform/jacobian.ts'
export { hvp, jvp } from './transform/jvp.ts'
export { linearize } from './transform/linearize.ts'
export { perExampleGrad } from './transform/perExampleGrad.ts'
export { stopGradient } from './transform/stopGradient.ts'
export { vjp } from './transform/vjp.ts'
export { vmap } from './transform/vmap.ts'
export type { Batched } from './tree/batched.ts'
export { eqTree } from './tree/eq.ts'
export * as tree from './tree/index.ts'
export type { Tree } from './tree/tree.ts'
export type { Labels, Scores } from './type/classification.ts'
export type { Ending } from './type/ending.ts'
export type { Any, Apply, Batch, Columns, Fits, Fn, Ints, Port, Same, ShowPort } from './type/port.ts'
export type { Axis, Dim } from './type/shape.ts'
export type { AnyTensor, DType, Float, Shape, Tensor } from './type/tensor.ts'
export type { AverageOptions, ConvolutionOptions, Padding, Padding1d, Pair, WindowOptions } from './type/window.ts'
