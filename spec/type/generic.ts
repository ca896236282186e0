// Functions of a size: what they give has the sizes that they are given.
import {
  batchNorm,
  type Columns,
  columns,
  compose,
  define,
  dropout,
  fanout,
  freeze,
  type In,
  init,
  input,
  join,
  key,
  layer,
  layerNorm,
  linear,
  named,
  type Out,
  op,
  type Params,
  predict,
  random,
  relu,
  repeat,
  residual,
  type State,
  stack,
  type Tensor,
  tanh,
  tie,
} from 'pullback'
import { type Equal, yes } from './equal.ts'

type Affine<I extends number, O extends number> = {
  readonly W: Tensor<readonly [O, I]>
  readonly b: Tensor<readonly [O]>
}
const draw = random.normal

// a chain
const mlp = <const H extends number>(h: H) => compose(named('a', linear(4, h)), tanh, named('b', linear(h, 3)))
const net = mlp(7)
yes<Equal<In<typeof net>, readonly [4]>>()
yes<Equal<Out<typeof net>, readonly [3]>>()
yes<Equal<Params<typeof net>, { readonly a: Affine<4, 7>; readonly b: Affine<7, 3> }>>()
const encoder = <const I extends number, const H extends number, const O extends number>(i: I, h: H, o: O) =>
  compose(
    named('L1', linear(i, h)),
    relu,
    dropout({ drop: 0.1 }),
    named('L2', linear(h, h)),
    tanh,
    named('L3', linear(h, o)),
  )
const both = compose(named('e', encoder(784, 32, 2)), relu, named('d', encoder(2, 32, 784)))
yes<Equal<In<typeof both>, readonly [784]>>()
yes<Equal<Out<typeof both>, readonly [784]>>()
yes<Equal<Params<typeof both>['d']['L1'], Affine<2, 32>>>()
// @ts-expect-error 3 is not 2
compose(named('e', encoder(784, 32, 2)), named('d', encoder(3, 32, 784)))

// a layer of one's own
const square = <const N extends number>(n: N) =>
  layer({
    kind: 'square',
    input: [n],
    params: { W: { shape: [n, n], draw }, b: { shape: [n], draw } },
    forward: ({ W, b }, x) => op.affine(x, W, b),
  })
const five = square(5)
yes<Equal<In<typeof five>, readonly [5]>>()
yes<Equal<Out<typeof five>, readonly [5]>>()
yes<Equal<Params<typeof five>, { readonly W: Tensor<readonly [5, 5]>; readonly b: Tensor<readonly [5]> }>>()
const gain = <const N extends number>(n: N) =>
  layer({
    kind: 'gain',
    input: [n],
    params: { g: { shape: [n], draw } },
    forward: ({ g }, x) => op.mul(x, op.broadcast(g, x.shape)),
  })
const gained = compose(linear(3, 6), gain(6), tanh)
yes<Equal<Out<typeof gained>, readonly [6]>>()

// what the parts of a graph take and give
const gated = <const I extends number, const H extends number>(i: I, h: H) =>
  compose(fanout({ value: linear(i, h), gate: compose(linear(i, h), tanh) }), join.product, named('out', linear(h, 2)))
const gate = gated(5, 4)
yes<Equal<In<typeof gate>, readonly [5]>>()
yes<Equal<Params<typeof gate>['gate'], Affine<5, 4>>>()
const tower = <const H extends number>(h: H) =>
  compose(repeat(3, residual(compose(linear(h, h), tanh))), named('o', linear(h, 1)))
const three = tower(6)
yes<Equal<Params<typeof three>['1'], Affine<6, 6>>>()
const normalised = <const H extends number>(h: H) =>
  compose(
    named('a', linear(4, h)),
    named('n', batchNorm(h)),
    relu,
    named('l', layerNorm([h])),
    named('b', linear(h, 2)),
  )
const eight = normalised(8)
yes<Equal<State<typeof eight>['n']['mean'], Tensor<readonly [8]>>>()
const siamese = <const I extends number, const H extends number>(i: I, h: H) =>
  define({ left: [i], right: [i] }, { see: linear(i, h), judge: linear(h, 1) }, ({ left, right }, { see, judge }) => {
    const difference = op.sub(see(left), see(right))
    return judge(op.mul(difference, difference))
  })
const twins = siamese(9, 3)
yes<Equal<In<typeof twins>, { readonly left: readonly [9]; readonly right: readonly [9] }>>()
yes<Equal<Out<typeof twins>, readonly [1]>>()
const lying = <const H extends number>(h: H) => columns(linear(h, 2))
yes<Equal<In<ReturnType<typeof lying<3>>>, Columns<readonly [3]>>>()
const summed = <const H extends number>(h: H) => compose(fanout({ a: linear(4, h), b: linear(4, h) }), join.sum)
const added = summed(3)
yes<Equal<Out<typeof added>, readonly [3]>>()
const pinned = <const H extends number>(h: H) => compose(input([h]), relu, linear(h, 2))
yes<Equal<In<ReturnType<typeof pinned<4>>>, readonly [4]>>()
const stacked = <const H extends number>(h: H, n: number) =>
  stack(Array.from({ length: n }, () => compose(linear(h, h), tanh)))
const many = stacked(4, 3)
yes<Equal<Out<typeof many>, readonly [4]>>()
const frozen = <const H extends number>(h: H) => freeze(mlp(h), 'a')
const still = frozen(5)
yes<Equal<Params<typeof still>, { readonly b: Affine<5, 3> }>>()
const tied = <const H extends number>(h: H) =>
  tie(compose(named('a', linear(h, h)), tanh, named('b', linear(h, h))), 'a.W', 'b.W')
const shared = tied(4)
yes<Equal<keyof Params<typeof shared>['b'], 'b'>>()

// used where it is made
const output = <const H extends number>(h: H): Tensor<readonly [number, 3]> => {
  const net = mlp(h)
  return predict(net, init(net, key(0)), random.normal(key(1), [2, 4]))
}

yes<Equal<ReturnType<typeof output>, Tensor<readonly [number, 3]>>>()
// sizes that are not known to be the same do not fit
const open = <const H extends number, const K extends number>(h: H, k: K) =>
  // @ts-expect-error H may be another size than K
  compose(named('a', linear(4, h)), named('b', linear(k, 3)))
open(3, 3)
