import fc from 'fast-check'
import {
  type AnyLayer,
  concat,
  contramap,
  elementwise,
  identity,
  logSoftmax,
  op,
  input as port,
  product,
  relu,
  sigmoid,
  softmax,
  split,
  sum,
  type Tensor,
  tanh,
} from 'pullback'
import { counter } from '../support/counter.ts'
import { noise } from '../support/noise.ts'
import { define, each, fanout, freeze, type Layers, repeat, residual, tie } from './loose.ts'
import { called, chain, fitted, linearTo, type Network, network, type Piece } from './piece.ts'

/** A kind of layer that random networks are made of. */
export interface Maker {
  /** Pieces of it, made of others where it is built of such. */
  readonly pieces: (parts: fc.Arbitrary<Piece>) => fc.Arbitrary<Piece>
  readonly built?: true
  /** Has kinks, where differences prove nothing. */
  readonly kinked?: true
  /** What it gives for an example depends on its place in the minibatch, or on the others there. */
  readonly mixing?: true
}

const same =
  (layer: AnyLayer, source: string): Piece =>
  (input) =>
    network(layer, input, input, source)
const squash = same(tanh, 'tanh')

const smooth: readonly Piece[] = [
  squash,
  same(sigmoid, 'sigmoid'),
  same(softmax, 'softmax'),
  same(logSoftmax, 'logSoftmax'),
  same(identity, 'identity'),
  same(elementwise(op.tanh), 'elementwise(op.tanh)'),
  same(
    elementwise(Math.sin, Math.cos, (x) => -Math.sin(x)),
    'elementwise(Math.sin, Math.cos, (x) => -Math.sin(x))',
  ),
  same(counter, 'counter'),
]

const width = fc.integer({ min: 1, max: 5 })

type Join = 'sum' | 'product' | 'concat'
const joins = { sum, product, concat }

const record = (parts: Readonly<Record<string, Network>>, what: 'layer' | 'source') =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part[what]]))
const listed = (parts: Readonly<Record<string, Network>>): string =>
  Object.entries(record(parts, 'source'))
    .map(([name, source]) => `${name}: ${source}`)
    .join(', ')
const layersOf = (parts: Readonly<Record<string, Network>>): Layers => record(parts, 'layer') as Layers

/** Branches that fit a join; of the factors of a product only the first may be large. */
const fittedTo = (join: Join, branches: readonly Piece[], n: number): readonly Piece[] => {
  if (join === 'concat') return branches.map((piece, i) => fitted(piece, 1 + ((n + i) % 2)))
  const equal = branches.map((piece) => fitted(piece, n))
  return join === 'sum' ? equal : equal.map((piece, i) => (i === 0 ? piece : chain(piece, squash)))
}

const branched =
  (kind: 'fanout' | 'each', join: Join, branches: readonly Piece[], n: number): Piece =>
  (input) => {
    const names = ['b', 'a', 'c'].slice(0, branches.length)
    const sizes = names.map((_, i) => (kind === 'fanout' ? input : Math.floor((input + i) / branches.length)))
    const parts = Object.fromEntries(
      fittedTo(join, branches, n).map((piece, i) => [names[i] as string, piece(sizes[i] as number)]),
    )
    const outputs = Object.values(parts).map((part) => part.output)
    const end = network(joins[join], 0, join === 'concat' ? outputs.reduce((a, b) => a + b) : n, join)
    const cut = Object.fromEntries(names.map((name, i) => [name, sizes[i] as number]))
    const start = network(port([input]), input, input, `input([${input}])`)
    const middle =
      kind === 'fanout'
        ? [network(fanout(layersOf(parts)), input, 0, `fanout({ ${listed(parts)} })`)]
        : [
            network(split(cut), input, 0, `split(${JSON.stringify(cut)})`),
            network(each(layersOf(parts)), 0, 0, `each({ ${listed(parts)} })`),
          ]
    return chain(...[start, ...middle, end].map((part) => () => part))(input)
  }

/** The dotted names of declarations, and of the records of them. */
const nodes = (spec: object): readonly string[] =>
  Object.entries(spec).flatMap(([name, part]) =>
    typeof part.draw === 'function' ? [name] : [name, ...nodes(part).map((rest) => `${name}.${rest}`)],
  )

/** The dotted names of a layer's parameters, and of the records of them, where nothing is frozen yet. */
export const namesOf = ({ params, state }: AnyLayer): readonly string[] => {
  const { frozen = {} } = state as { readonly frozen?: object }
  return nodes(params).filter((name) => !Object.hasOwn(frozen, name.split('.')[0] as string))
}

/** Functions of layers: one that uses a value twice, and one that calls a layer twice. */
const graphs: readonly ((f: Piece, g: Piece) => Piece)[] = [
  (f, g) => (input) => {
    const F = f(input)
    const G = fitted(g, F.output)(F.output)
    const graph = define([input], layersOf({ F, G }), (x, { F, G }) => {
      const h = F(x)
      return op.add(op.tanh(h), G(h)) as Tensor
    })
    const body = '{ const h = F(x); return op.add(op.tanh(h), G(h)) }'
    return network(graph, input, F.output, `define([${input}], { ${listed({ F, G })} }, (x, { F, G }) => ${body})`)
  },
  (f) => (input) => {
    const F = fitted(f, input)(input)
    const graph = define([input], layersOf({ F }), (x, { F }) => F(op.tanh(F(x))))
    return network(graph, input, input, `define([${input}], { ${listed({ F })} }, (x, { F }) => F(op.tanh(F(x))))`)
  },
]

/** What random networks are made of: an entry here, and every law of networks is checked with it. */
export const makers: readonly Maker[] = [
  { pieces: () => width.map(linearTo) },
  { pieces: () => fc.constantFrom(...smooth) },
  { pieces: () => fc.constant(same(relu, 'relu')), kinked: true },
  { pieces: () => fc.constant(same(noise, 'noise')), mixing: true },
  { built: true, pieces: (parts) => parts.map((part) => (input) => called('nest', part(input))) },
  {
    built: true,
    pieces: (parts) =>
      fc
        .tuple(
          fc.constantFrom('fanout' as const, 'each' as const),
          fc.constantFrom('sum' as const, 'product' as const, 'concat' as const),
          fc.array(parts, { minLength: 1, maxLength: 3 }),
          width,
        )
        .map((plan) => branched(...plan)),
  },
  {
    built: true,
    pieces: (parts) =>
      parts.map((part) => (input) => {
        const body = fitted(part, input)(input)
        return network(residual(body.layer), input, input, `residual(${body.source})`)
      }),
  },
  {
    built: true,
    pieces: (parts) =>
      fc.tuple(fc.integer({ min: 0, max: 3 }), parts).map(([n, part]) => (input) => {
        const body = fitted(part, input)(input)
        return network(repeat(n, body.layer), input, input, `repeat(${n}, ${body.source})`)
      }),
  },
  { built: true, pieces: (parts) => fc.tuple(fc.constantFrom(...graphs), parts, parts).map(([g, a, b]) => g(a, b)) },
  {
    built: true,
    pieces: (parts) =>
      fc.tuple(parts, fc.nat(20)).map(([part, i]) => (input) => {
        const made = part(input)
        const names = namesOf(made.layer)
        const name = names[i % names.length]
        return name === undefined
          ? made
          : network(freeze(made.layer, name), input, made.output, `freeze(${made.source}, '${name}')`)
      }),
  },
  {
    built: true,
    pieces: (parts) =>
      parts.map((part) => (input) => {
        const body = fitted(part, input)(input)
        const two = chain(
          () => called('a', body),
          squash,
          () => called('b', body),
        )(input)
        return Object.keys(body.layer.params).length === 0
          ? two
          : network(tie(two.layer, 'a', 'b'), input, input, `tie(${two.source}, 'a', 'b')`)
      }),
  },
  {
    built: true,
    pieces: (parts) =>
      parts.map((part) => (input) => {
        const { layer, output, source } = part(input)
        const halved = contramap([input], (x) => op.scale(x as Tensor, 0.5) as never, layer)
        return network(halved, input, output, `contramap([${input}], (x) => op.scale(x, 0.5), ${source})`)
      }),
  },
]
