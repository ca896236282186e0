// Pieces of networks that are built of others.
import { type AnyLayer, checkpointed, contramap, join, op, input as port, split, type Tensor, tanh } from 'pullback'
import { define, each, fanout, freeze, type Layers, repeat, residual, tie } from './loose.ts'
import { called, chain, fitted, type Network, network, type Piece } from './piece.ts'

type Parts = { readonly [name: string]: Network }
const record = <A>(parts: Parts, f: (part: Network) => A): { readonly [name: string]: A } =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, f(part)]))
const layersOf = (parts: Parts): Layers => record(parts, (part) => part.layer)
const listed = (parts: Parts): string =>
  Object.entries(parts)
    .map(([name, { source }]) => `${name}: ${source}`)
    .join(', ')

const squash: Piece = (input) => network(tanh, input, input, 'tanh')

/** A piece that gives what it takes, wrapped in a layer that does too. */
const around =
  (part: Piece, layer: (body: AnyLayer) => AnyLayer, source: (body: string) => string): Piece =>
  (input) => {
    const body = fitted(part, input)(input)
    return network(layer(body.layer), input, input, source(body.source))
  }
export const residualOf = (part: Piece): Piece => around(part, residual, (body) => `residual(${body})`)
export const repeated = (n: number, part: Piece): Piece =>
  around(
    part,
    (body) => repeat(n, body),
    (body) => `repeat(${n}, ${body})`,
  )

const joins = { sum: join.sum, product: join.product, concat: join.concat }
export type Join = keyof typeof joins

/** Branches that fit a join; of the factors of a product only the first may be large. */
const fittedTo = (join: Join, branches: readonly Piece[], n: number): readonly Piece[] => {
  if (join === 'concat') return branches.map((piece, i) => fitted(piece, 1 + ((n + i) % 2)))
  const equal = branches.map((piece) => fitted(piece, n))
  return join === 'sum' ? equal : equal.map((piece, i) => (i === 0 ? piece : chain(piece, squash)))
}

/** Up to three branches of one input, or of its parts, joined to n numbers. */
export const branched =
  (kind: 'fanout' | 'each', join: Join, branches: readonly Piece[], n: number): Piece =>
  (input) => {
    const pieces = fittedTo(join, branches, n).map((piece, i) => {
      const size = kind === 'fanout' ? input : Math.floor((input + i) / branches.length)
      return [['b', 'a', 'c'][i] as string, piece(size)] as const
    })
    const parts = Object.fromEntries(pieces)
    const sizes = Object.fromEntries(pieces.map(([name, part]) => [name, part.input]))
    const output = join === 'concat' ? pieces.reduce((total, [, part]) => total + part.output, 0) : n
    const first = network(port([input]), input, input, `input([${input}])`)
    const middle =
      kind === 'fanout'
        ? [network(fanout(layersOf(parts)), input, 0, `fanout({ ${listed(parts)} })`)]
        : [
            network(split(sizes), input, 0, `split(${JSON.stringify(sizes)})`),
            network(each(layersOf(parts)), 0, 0, `each({ ${listed(parts)} })`),
          ]
    const last = network(joins[join], 0, output, join)
    return chain(...[first, ...middle, last].map((part) => () => part))(input)
  }

/** A graph in which a value is used twice. */
export const forked =
  (f: Piece, g: Piece): Piece =>
  (input) => {
    const F = f(input)
    const G = fitted(g, F.output)(F.output)
    const graph = define([input], layersOf({ F, G }), (x, { F, G }) => {
      const h = F(x)
      return op.add(op.tanh(h), G(h)) as Tensor
    })
    const body = '{ const h = F(x); return op.add(op.tanh(h), G(h)) }'
    return network(graph, input, F.output, `define([${input}], { ${listed({ F, G })} }, (x, { F, G }) => ${body})`)
  }

/** A graph in which a layer is called twice. */
export const recalled =
  (f: Piece): Piece =>
  (input) => {
    const F = fitted(f, input)(input)
    const graph = define([input], layersOf({ F }), (x, { F }) => F(op.tanh(F(x))))
    return network(graph, input, input, `define([${input}], { ${listed({ F })} }, (x, { F }) => F(op.tanh(F(x))))`)
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

/** A piece with some of its parameters frozen, if it has any. */
export const frozen =
  (part: Piece, place: number): Piece =>
  (input) => {
    const { layer, output, source } = part(input)
    const names = namesOf(layer)
    const name = names[place % names.length]
    return name === undefined
      ? part(input)
      : network(freeze(layer, name), input, output, `freeze(${source}, '${name}')`)
  }

/** A piece twice, with the same parameters, if it has any. */
export const tied =
  (part: Piece): Piece =>
  (input) => {
    const body = fitted(part, input)(input)
    const [a, b] = [called('a', body), called('b', body)]
    const { layer, source } = chain(
      () => a,
      squash,
      () => b,
    )(input)
    return Object.keys(body.layer.params).length === 0
      ? network(layer, input, input, source)
      : network(tie(layer, 'a', 'b'), input, input, `tie(${source}, 'a', 'b')`)
  }

/** A piece behind a function of its input. */
export const halved =
  (part: Piece): Piece =>
  (input) => {
    const { layer, output, source } = part(input)
    const half = contramap([input], (x) => op.scale(x as Tensor, 0.5) as never, layer)
    return network(half, input, output, `contramap([${input}], (x) => op.scale(x, 0.5), ${source})`)
  }

/** A piece that is computed again on the way back. */
export const computedAgain =
  (part: Piece): Piece =>
  (input) => {
    const { layer, output, source } = part(input)
    return network(checkpointed(layer), input, output, `checkpointed(${source})`)
  }
