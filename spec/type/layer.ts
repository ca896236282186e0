import {
  type Any,
  adam,
  avgPool2d,
  type Batch,
  chain,
  compose,
  conv1d,
  conv2d,
  dim,
  flatten,
  fromNested,
  globalAvgPool2d,
  grad,
  type In,
  identity,
  init,
  inParts,
  input,
  key,
  type Labels,
  type Layer,
  leastSquares,
  linear,
  maxPool2d,
  momentum,
  named,
  type Out,
  op,
  type Params,
  predict,
  relu,
  type Same,
  type Scalar,
  type State,
  scale,
  softmax,
  softmaxCrossEntropy,
  start,
  type Tensor,
  tanh,
  trainStep,
  tree,
  vjp,
  type WindowOptions,
  zeros,
} from 'pullback'
import type { Chained } from '../../lib/combinator/compose.ts'
import type { Slid, Slid1d } from '../../lib/type/window.ts'
import { type Equal, yes } from './equal.ts'

type Affine<I extends number, O extends number> = {
  readonly W: Tensor<readonly [O, I]>
  readonly b: Tensor<readonly [O]>
}

const mlp = compose(
  named('L1', linear(784, 128)),
  relu,
  named('L2', linear(128, 64)),
  tanh,
  named('L3', linear(64, 10)),
)
yes<Equal<In<typeof mlp>, readonly [784]>>()
yes<Equal<Out<typeof mlp>, readonly [10]>>()
yes<
  Equal<
    Params<typeof mlp>,
    { readonly L1: Affine<784, 128>; readonly L2: Affine<128, 64>; readonly L3: Affine<64, 10> }
  >
>()
yes<Equal<keyof State<typeof mlp>, never>>()
const parted = inParts(16, mlp)
yes<Equal<typeof parted, Layer<In<typeof mlp>, Out<typeof mlp>, Params<typeof mlp>, State<typeof mlp>>>>()

const deep = compose(named('enc', compose(named('L1', linear(4, 3)), tanh)), named('dec', linear(3, 4)))
yes<Equal<Params<typeof deep>, { readonly enc: { readonly L1: Affine<4, 3> }; readonly dec: Affine<3, 4> }>>()
const one = compose(linear(3, 2), softmax)
yes<Equal<Params<typeof one>, Affine<3, 2>>>()

// chains that begin with layers for any shape
const poly = compose(relu, tanh)
yes<Equal<In<typeof poly>, Any>>()
const usePoly = compose(linear(3, 2), poly, named('out', linear(2, 1)))
yes<Equal<Out<typeof usePoly>, readonly [1]>>()
const pinned = compose(input([28]), relu, linear(28, 10))
yes<Equal<In<typeof pinned>, readonly [28]>>()
const unpinned = compose(relu, linear(28, 10))
yes<Equal<In<typeof unpinned>, readonly [28]>>()
const unit = compose(identity, linear(3, 2))
yes<Equal<Params<typeof unit>, Affine<3, 2>>>()

// sizes that are not known yet
declare const n: number
const gradual = compose(named('a', linear(784, n)), relu, named('b', linear(n, 10)))
yes<Equal<Params<typeof gradual>['a']['W']['shape'], readonly [number, 784]>>()
const hidden = dim('hidden', Number('32'))
const dims = compose(named('a', linear(784, hidden)), relu, named('b', linear(hidden, 10)))
yes<Equal<Out<typeof dims>, readonly [10]>>()

// the sentences that replace the type of a layer that does not fit
type Lin<I extends number, O extends number, K extends string = 'L'> = Layer<
  readonly [I],
  readonly [O],
  { readonly [k in K]: Affine<I, O> }
>
yes<
  Equal<Chained<[Lin<784, 128>, Layer<Any, Same>, Lin<64, 10, 'M'>]>[2], 'takes [64], but the layer before gives [128]'>
>()
yes<
  Equal<Chained<[Lin<3, 2>, Lin<2, 1>]>[1], "'L' is the name of an earlier layer: give one of the two another name">
>()
yes<
  Equal<
    Chained<[Layer<readonly [5], { readonly x: readonly [4] }>, Lin<4, 1>]>[1],
    'takes [4], but the layer before gives { x: [4] }'
  >
>()

// using a network
const variables = init(mlp, key(0))
declare const x: Tensor<readonly [32, 784]>
const scores = predict(mlp, variables, x)
yes<Equal<typeof scores, Tensor<readonly [number, 10]>>>()
// @ts-expect-error pictures of another size
predict(mlp, variables, fromNested([[1, 2, 3]]))
// @ts-expect-error parameters of another network
predict(mlp, init(deep, key(0)), x)
// @ts-expect-error a record without L3
predict(mlp, { params: { L1: variables.params.L1, L2: variables.params.L2 }, state: {} }, x)

// training
const step = trainStep(mlp, softmaxCrossEntropy, adam())
const at = start(mlp, adam(), key(0))
declare const labels: Labels
const [after, metrics] = step(at, { input: x, target: labels })
yes<Equal<typeof after, typeof at>>()
yes<Equal<(typeof metrics)['output'], Tensor<readonly [number, 10]>>>()
yes<Equal<(typeof at)['optimizer'][0]['mu'], Params<typeof mlp>>>()
// @ts-expect-error one-hot targets are not labels
step(at, { input: x, target: scores })
const regress = trainStep(mlp, leastSquares, adam())
regress(at, { input: x, target: scores })
// @ts-expect-error a target is of the shape of the output
regress(at, { input: x, target: labels })
// @ts-expect-error another optimizer's state
step(start(mlp, chain(momentum(0.9), scale(-1)), key(0)), { input: x, target: labels })
// @ts-expect-error training needs a key
mlp.apply(variables.params, {}, { mode: 'train' }, x)

// trees
type P = Params<typeof deep>
yes<Equal<tree.Path<P>, 'enc.L1.W' | 'enc.L1.b' | 'dec.W' | 'dec.b'>>()
yes<Equal<tree.Node<P>, 'enc' | 'enc.L1' | 'enc.L1.W' | 'enc.L1.b' | 'dec' | 'dec.W' | 'dec.b'>>()
yes<Equal<tree.At<P, 'enc.L1.W'>, Tensor<readonly [3, 4]>>>()
declare const flat: tree.Flat<P>
yes<Equal<(typeof flat)['dec.b'], Tensor<readonly [4]>>>()
yes<Equal<tree.Unflat<tree.Flat<P>>, P>>()
// @ts-expect-error no such parameter
tree.at<P>()('enc.L2')

// derivatives
const gradient = grad((p: { readonly W: Tensor<readonly [2]> }): Scalar => p.W as unknown as Scalar)
yes<Equal<ReturnType<typeof gradient>, { readonly W: Tensor<readonly [2]> }>>()
// @ts-expect-error a gradient is of one number
grad((p: Tensor<readonly [2]>) => p)
// @ts-expect-error a result is a tree of tensors
vjp((_: Tensor) => 3)

// images: sizes are worked out where they are known
const cnn = compose(
  input([28, 28, 1]),
  named('C1', conv2d(1, 8, { kernel: 3, padding: 'same' })),
  relu,
  maxPool2d(2),
  named('C2', conv2d(8, 16, { kernel: [3, 5], stride: [1, 2], padding: 1 })),
  flatten,
  named('L', linear(1344, 10)),
)
yes<Equal<In<typeof cnn>, readonly [28, 28, 1]>>()
yes<Equal<Out<typeof cnn>, readonly [10]>>()
yes<Equal<Params<typeof cnn>['C2']['W']['shape'], readonly [16, 3, 5, 8]>>()
const learn = trainStep(cnn, softmaxCrossEntropy, adam())
learn(start(cnn, adam(), key(0)), { input: zeros([2, 28, 28, 1]), target: labels })
// in a part whose input is not known yet they stay open
const block = compose(named('C', conv2d(1, 8, { kernel: 5 })), relu, maxPool2d(2))
const usesBlock = compose(input([28, 28, 1]), block, flatten, linear(1152, 10))
yes<Equal<Out<typeof usesBlock>, readonly [10]>>()
const images = predict(block, init(block, key(0)), zeros([2, 28, 28, 1]))
yes<Equal<typeof images, Tensor<readonly [number, number, number, 8]>>>()
const anySize = compose(conv2d(3, 8, { kernel: 3 }), flatten, named('L', linear(n, 10)))
yes<Equal<In<typeof anySize>, readonly [number, number, 3]>>()
yes<Equal<Out<typeof anySize>, readonly [10]>>()
const oneConv = conv2d(3, 8, { kernel: 3 })
const convolved = predict(oneConv, init(oneConv, key(0)), zeros([2, 9, 9, 3]))
yes<Equal<typeof convolved, Tensor<readonly [number, number, number, 8]>>>()
const flattened = predict(flatten, init(flatten, key(0)), zeros([2, 3, 4]))
yes<Equal<typeof flattened, Tensor<readonly [number, number]>>>()
const tall = compose(input([n, 28, 3]), conv2d(3, 4, { kernel: 3, stride: 2, padding: 'same' }))
yes<Equal<Batch<Out<typeof tall>>, Tensor<readonly [number, number, 14, 4]>>>()
declare const options: WindowOptions
const unsure = compose(input([28, 28, 3]), conv2d(3, 4, { kernel: 3, ...options }))
yes<Equal<Out<typeof unsure>, readonly [number, number, 4]>>()

// sizes of windows: as PyTorch computes them, and as TensorFlow does for 'same'
type Windows<N extends number, K, S, P> = Slid<readonly [N, N, 1], K, S, P>
yes<Equal<Windows<28, 3, 1, 0>, readonly [26, 26]>>()
yes<Equal<Windows<28, 5, 2, 2>, readonly [14, 14]>>()
yes<Equal<Windows<224, 7, 2, 3>, readonly [112, 112]>>()
yes<Equal<Windows<5, 2, 2, 'valid'>, readonly [2, 2]>>()
yes<Equal<Windows<5, 2, 2, 'same'>, readonly [3, 3]>>()
yes<Equal<Windows<12, readonly [3, 4], readonly [1, 2], readonly [1, 0]>, readonly [12, 5]>>()
yes<Equal<Windows<number, 3, 1, 0>, readonly [number, number]>>()
yes<Equal<Windows<12, number, 1, 'same'>, readonly [12, 12]>>()
yes<Equal<Slid<readonly [28, 28, 1], 3, 1, 0, 2>, readonly [24, 24]>>()
yes<Equal<Slid<readonly [28, 28, 1], 3, 2, 'same', 5>, readonly [14, 14]>>()
yes<Equal<Slid<readonly [9, 9, 1], readonly [3, 2], 1, 1, readonly [1, 4]>, readonly [9, 7]>>()
yes<Equal<Slid<readonly [28, 28, 1], 3, 1, 0, number>, readonly [number, number]>>()
yes<
  Equal<
    Slid<readonly [4, 9, 1], 3, 1, 0, 2>,
    'a window [3, 3] dilated by [2, 2] is larger than the image [4, 9, 1] with its padding'
  >
>()
yes<Equal<Slid1d<readonly [16, 3], 3, 2, 1, 1>, readonly [8]>>()
yes<Equal<Slid1d<readonly [16, 3], 3, 1, 'valid', 4>, readonly [8]>>()
yes<Equal<Slid1d<readonly [16, 3], 3, 3, 'same', 4>, readonly [6]>>()
yes<Equal<Slid1d<readonly [number, 3], 3, 2, 1, 1>, readonly [number]>>()
yes<Equal<Slid1d<readonly [4, 3], 5, 1, 0, 1>, 'a window [5] is larger than the sequence [4, 3] with its padding'>>()
yes<
  Equal<
    Slid1d<readonly [4, 3], 3, 1, 0, 2>,
    'a window [3] dilated by [2] is larger than the sequence [4, 3] with its padding'
  >
>()
yes<Equal<Windows<3, 5, 1, 0>, 'a window [5, 5] is larger than the image [3, 3, 1] with its padding'>>()

// groups, sequences and means
const separable = compose(
  input([28, 28, 8]),
  named('depth', conv2d(8, 8, { kernel: 3, groups: 8, dilation: 2, padding: 2 })),
  named('point', conv2d(8, 16, { kernel: 1 })),
  avgPool2d(2, { countPadding: false }),
  globalAvgPool2d,
)
yes<Equal<Out<typeof separable>, readonly [16]>>()
yes<Equal<Params<typeof separable>['depth']['W']['shape'], readonly [8, 3, 3, 1]>>()
const inGroups = conv2d(12, 6, { kernel: 3, groups: 3 })
yes<Equal<Params<typeof inGroups>['W']['shape'], readonly [6, 3, 3, 4]>>()
const openGroups = conv2d(n, 6, { kernel: 3, groups: 3 })
yes<Equal<Params<typeof openGroups>['W']['shape'], readonly [6, 3, 3, number]>>()
const speech = compose(
  input([100, 4]),
  named('C1', conv1d(4, 8, { kernel: 5, dilation: 3, groups: 2 })),
  named('C2', conv1d(8, 8, { kernel: 4, stride: 4 })),
  flatten,
)
yes<Equal<Out<typeof speech>, readonly [176]>>()
yes<Equal<Params<typeof speech>['C1']['W']['shape'], readonly [8, 5, 2]>>()
const smaller = predict(globalAvgPool2d, { params: {}, state: {} }, zeros([2, 3, 4, 5]))
yes<Equal<typeof smaller, Tensor<readonly [number, number]>>>()

// and the same of operations
declare const pictures: Tensor<readonly [number, 28, 28, 1]>
const convolution = op.conv2d(pictures, zeros([8, 3, 3, 1]), zeros([8]), { stride: 2 })
yes<Equal<(typeof convolution)['shape'], readonly [number, 13, 13, 8]>>()
const pooled = op.maxPool2d(pictures, 3, { padding: 'same' })
yes<Equal<typeof pooled, Tensor<readonly [number, 10, 10, 1]>>>()
const averaged = op.avgPool2d(pictures, 3, { dilation: 2, stride: 1 })
yes<Equal<typeof averaged, Tensor<readonly [number, 24, 24, 1]>>>()
declare const signals: Tensor<readonly [number, 50, 6]>
const filtered = op.conv1d(signals, zeros([4, 3, 3]), zeros([4]), { groups: 2, stride: 2, padding: 1 })
yes<Equal<typeof filtered, Tensor<readonly [number, 25, 4]>>>()
// @ts-expect-error kernels of all channels, and not of those of a group
op.conv1d(signals, zeros([4, 3, 6]), zeros([4]), { groups: 2 })
// @ts-expect-error kernels of other channels
op.conv2d(pictures, zeros([8, 3, 3, 2]), zeros([8]))
