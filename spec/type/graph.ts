import {
  type Any,
  type Columns,
  type Common,
  columns,
  compose,
  contramap,
  define,
  each,
  fanout,
  flatten,
  freeze,
  type In,
  identity,
  init,
  input,
  join,
  key,
  linear,
  named,
  type Out,
  op,
  type Params,
  predict,
  relu,
  repeat,
  reshape,
  residual,
  type State,
  split,
  stack,
  type Tensor,
  tanh,
  thaw,
  tie,
  tree,
  zeros,
} from 'pullback'
import type { Joined } from '../../lib/combinator/join.ts'
import type { Apply } from '../../lib/type/port.ts'
import { type Equal, yes } from './equal.ts'

type Affine<I extends number, O extends number> = {
  readonly W: Tensor<readonly [O, I]>
  readonly b: Tensor<readonly [O]>
}

// one input to all
const gate = compose(
  fanout({ value: compose(linear(5, 4), tanh), gate: linear(5, 4) }),
  join.product,
  named('out', linear(4, 2)),
)
yes<Equal<In<typeof gate>, readonly [5]>>()
yes<Equal<Out<typeof gate>, readonly [2]>>()
yes<Equal<Params<typeof gate>['gate'], Affine<5, 4>>>()
yes<Equal<keyof Params<typeof gate>, 'value' | 'gate' | 'out'>>()
const skip = compose(fanout({ a: identity, b: linear(5, 5), c: relu }), join.sum)
yes<Equal<In<typeof skip>, readonly [5]>>()
yes<Equal<Out<typeof skip>, readonly [5]>>()
yes<Equal<keyof Params<typeof skip>, 'b'>>()
const joined = compose(
  fanout({ a: linear(5, 128), b: linear(5, 784), c: identity }),
  join.concat,
  named('z', linear(917, 1)),
)
yes<Equal<Out<typeof joined>, readonly [1]>>()

// blocks for any input
const block = compose(fanout({ a: tanh, b: relu }), join.product)
yes<Equal<In<typeof block>, Any>>()
const usesBlock = compose(linear(3, 4), block, named('o', linear(4, 1)))
yes<Equal<Out<typeof usesBlock>, readonly [1]>>()
const around = compose(linear(3, 4), residual(block), named('o', linear(4, 1)))
yes<Equal<Out<typeof around>, readonly [1]>>()
declare const n: number
const gradual = compose(fanout({ a: linear(n, 4), b: linear(7, 4) }), join.sum)
yes<Equal<In<typeof gradual>, readonly [7]>>()
yes<Equal<Out<typeof gradual>, readonly [4]>>()

// to each its own
const two = compose(each({ left: linear(3, 2), right: compose(linear(4, 2), relu) }), join.sum)
yes<Equal<In<typeof two>, { readonly left: readonly [3]; readonly right: readonly [4] }>>()
yes<Equal<Out<typeof two>, readonly [2]>>()
const parts = compose(linear(3, 5), split({ mean: 2, rest: 3 }))
yes<Equal<Out<typeof parts>, { readonly mean: readonly [2]; readonly rest: readonly [3] }>>()
const through = compose(parts, named('e', each({ mean: relu, rest: linear(3, 2) })), join.product)
yes<Equal<Out<typeof through>, readonly [2]>>()

// depth
const tower = repeat(3, residual(compose(linear(6, 6), relu)))
yes<Equal<In<typeof tower>, readonly [6]>>()
yes<Equal<Out<typeof tower>, readonly [6]>>()
yes<Equal<keyof Params<typeof tower>, '0' | '1' | '2'>>()
yes<Equal<Params<typeof tower>['2'], Affine<6, 6>>>()
const deep = stack([1, 2].map(() => linear(6, 6)))
yes<Equal<keyof Params<typeof deep>, `${number}`>>()
yes<Equal<Out<typeof deep>, readonly [6]>>()

// shapes
const image = compose(input([784]), reshape([28, 28, 1]))
yes<Equal<Out<typeof image>, readonly [28, 28, 1]>>()
yes<Equal<Out<typeof looped>, readonly [784]>>()
const looped = compose(image, flatten)
const across = columns(linear(4, 3))
yes<Equal<In<typeof across>, Columns<readonly [4]>>>()
const column = predict(across, init(across, key(0)), zeros([4, 7]))
yes<Equal<typeof column, Tensor<readonly [3, number]>>>()
yes<Equal<Out<typeof chained>, Columns<readonly [2]>>>()
const chained = compose(named('a', across), relu, named('b', columns(linear(3, 2))))

// sizes that are not known fit any
const change = contramap({ x: [3], y: [2] }, ({ x, y }) => op.concat([x as Tensor, y as Tensor], -1), linear(5, 2))
yes<Equal<Out<typeof change>, readonly [2]>>()
const open = define([5], { L: linear(5, 2) }, (x, { L }) => L(op.concat([x, x], 0)))
yes<Equal<Out<typeof open>, readonly [2]>>()

// any graph
const net = define(
  { image: [16], shift: [2] },
  { see: compose(linear(16, 5), tanh), place: linear(5, 2), show: linear(2, 16), relu, flatten, sum: join.sum },
  ({ image, shift }, { see, place, show, relu, sum, flatten }) => {
    const seen = see(image)
    yes<Equal<typeof seen, Tensor<readonly [number, 5]>>>()
    const flat = flatten(zeros([3, 4, 4]))
    yes<Equal<typeof flat, Tensor<readonly [number, 16]>>>()
    const both = sum({ a: image, b: flat })
    yes<Equal<typeof both, Tensor<readonly [number, 16]>>>()
    // @ts-expect-error pictures of another size
    see(shift)
    // @ts-expect-error nothing to add
    sum(image)
    return { picture: show(relu(op.add(place(seen), shift))), both }
  },
)
yes<Equal<In<typeof net>, { readonly image: readonly [16]; readonly shift: readonly [2] }>>()
yes<Equal<Out<typeof net>['picture'], readonly [16]>>()
yes<Equal<Params<typeof net>['place'], Affine<5, 2>>>()

// parameters
const nested = compose(named('enc', compose(named('L1', linear(4, 3)), tanh)), named('out', linear(3, 2)))
const head = freeze(nested, 'enc')
yes<Equal<Params<typeof head>, { readonly out: Affine<3, 2> }>>()
yes<Equal<State<typeof head>, { readonly frozen: { readonly enc: { readonly L1: Affine<4, 3> } } }>>()
const more = freeze(head, 'out.b')
yes<Equal<keyof State<typeof more>['frozen'], 'enc' | 'out'>>()
const thawed = thaw(more)
yes<Equal<Params<typeof thawed>, Params<typeof nested>>>()
yes<Equal<keyof State<typeof thawed>, never>>()
const given = thaw(freeze(init(nested, key(0)), 'enc.L1.W', 'out'))
yes<Equal<(typeof given)['params'], Params<typeof nested>>>()
const square = compose(named('a', linear(4, 4)), tanh, named('b', linear(4, 4)))
const tied = tie(square, 'a.W', 'b.W')
yes<Equal<keyof Params<typeof tied>['b'], 'b'>>()
// a size that only the program knows may be any
const unsized = compose(named('a', linear(4, n)), tanh, named('b', linear(n, 4)), named('c', linear(4, 4)))
const allTied = tie(unsized, 'c.W', 'a.W', 'b.W')
yes<Equal<keyof Params<typeof allTied>['a'], 'b'>>()
// @ts-expect-error no such parameter
freeze(nested, 'encoder')
// @ts-expect-error of another shape
tie(square, 'a.W', 'b.b')
declare const weights: Params<typeof nested>
const renamed = tree.rename(weights, { enc: 'first', 'out.W': 'head.kernel' })
yes<Equal<(typeof renamed)['first'], { readonly L1: Affine<4, 3> }>>()
yes<Equal<(typeof renamed)['head'], { readonly kernel: Tensor<readonly [2, 3]> }>>()
// @ts-expect-error no such parameter
tree.rename(weights, { dec: 'first' })

// sentences
yes<
  Equal<
    Apply<Common, { readonly a: readonly [3]; readonly b: readonly [4] }>,
    'takes tensors of one shape, but the layer before gives { a: [3], b: [4] }'
  >
>()
yes<Equal<Apply<Common, readonly [3]>, 'takes a record of tensors, but the layer before gives [3]'>>()
yes<Equal<Apply<Joined, { readonly a: readonly [2, 3]; readonly b: readonly [2, 4] }>, readonly [2, 7]>>()
