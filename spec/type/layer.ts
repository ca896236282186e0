import {
  type Any,
  adam,
  chain,
  compose,
  dim,
  fromNested,
  grad,
  type In,
  identity,
  init,
  input,
  key,
  type Labels,
  type Layer,
  leastSquares,
  linear,
  momentum,
  named,
  type Out,
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
} from 'pullback'
import type { Chained } from '../../lib/layer/compose.ts'
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

// the sentences that stand in the place of a layer that does not fit
type Lin<I extends number, O extends number, K extends string = 'L'> = Layer<
  readonly [I],
  readonly [O],
  { readonly [k in K]: Affine<I, O> }
>
yes<
  Equal<Chained<[Lin<784, 128>, Layer<Any, Same>, Lin<64, 10, 'M'>]>[2], 'takes [64], but the layer before gives [128]'>
>()
yes<
  Equal<Chained<[Lin<3, 2>, Lin<2, 1>]>[1], "'L' is the name of an earlier parameter: wrap one of the two in named(…)">
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
