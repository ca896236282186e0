import {
  type Any,
  alphaDropout,
  batchNorm,
  compose,
  conv2d,
  dropout,
  type Empty,
  flatten,
  groupNorm,
  type In,
  input,
  type Layer,
  layerNorm,
  linear,
  named,
  type Out,
  type Params,
  relu,
  rmsNorm,
  type Same,
  type ScaleShift,
  type State,
  type Tensor,
} from 'pullback'
import { type Equal, yes } from './equal.ts'

const vectors = compose(named('L', linear(3, 4)), named('B', batchNorm(4)), relu, dropout({ drop: 0.5 }))
yes<Equal<In<typeof vectors>, readonly [3]>>()
yes<Equal<Out<typeof vectors>, readonly [4]>>()
yes<Equal<Params<typeof vectors>['B'], ScaleShift<readonly [4]>>>()
yes<Equal<State<typeof vectors>['B']['mean'], Tensor<readonly [4]>>>()

const images = compose(
  input([6, 6, 1]),
  named('C', conv2d(1, 4, { kernel: 3 })),
  named('B', batchNorm(4)),
  named('G', groupNorm(2, 4)),
  named('N', layerNorm([4, 4, 4])),
  flatten,
  named('R', rmsNorm(64)),
  named('L', linear(64, 2)),
)
yes<Equal<Out<typeof images>, readonly [2]>>()
yes<Equal<Params<typeof images>['N']['scale'], Tensor<readonly [4, 4, 4]>>>()
yes<Equal<Params<typeof images>['R'], { readonly scale: Tensor<readonly [64]> }>>()

// A size that only the program knows becomes known: the last one is that of the layer.
const free: number = 5
const open = compose(input([free, free]), layerNorm(4))
yes<Equal<Out<typeof open>, readonly [number, 4]>>()

// The first layer takes any input, so the chain takes the input of the second.
const first = compose(named('B', batchNorm(4)), linear(4, 2))
yes<Equal<In<typeof first>, readonly [4]>>()

const bare = batchNorm(4, { affine: false })
yes<Equal<Params<typeof bare>, Empty>>()
export const anything: Layer<Any, Same> = alphaDropout({ drop: 0.1 })
