import fc from 'fast-check'
import { type AnyLayer, linear, named } from 'pullback'
import { compose } from './loose.ts'

/** A network, the sizes of its input and output, and its source, as which fast-check prints it. */
export interface Network {
  readonly layer: AnyLayer
  readonly input: number
  readonly output: number
  readonly source: string
}

/** A part of a network, whatever comes before it: what it makes of an input of some size. */
export type Piece = (input: number) => Network

export const network = (layer: unknown, input: number, output: number, source: string): Network => ({
  layer: layer as AnyLayer,
  input,
  output,
  source,
  ...{ [fc.toStringMethod]: () => `of [${input}]: ${source}` },
})

/** A network under a name. */
export const called = (name: string, { layer, input, output, source }: Network): Network =>
  network(named(name, layer), input, output, `named('${name}', ${source})`)

const namesOf = ({ layer }: Network): readonly string[] => [...Object.keys(layer.params), ...Object.keys(layer.state)]

/** Pieces one after the other, those with a name that is taken under a name of their own. */
export const links = (pieces: readonly Piece[], input: number): readonly Network[] => {
  const taken = new Set<string>()
  let width = input
  return pieces.map((piece) => {
    const made = piece(width)
    let n = 1
    while (taken.has(`L${n}`)) n++
    const link = namesOf(made).some((name) => taken.has(name)) ? called(`L${n}`, made) : made
    for (const name of namesOf(link)) taken.add(name)
    width = made.output
    return link
  })
}

/** Networks that fit and have names of their own, one after the other. */
export const composed = (parts: readonly Network[], input: number): Network =>
  parts.length === 1
    ? (parts[0] as Network)
    : network(
        compose(...parts.map((part) => part.layer)),
        input,
        parts[parts.length - 1]?.output ?? input,
        `compose(${parts.map((part) => part.source).join(', ')})`,
      )

export const chain =
  (...pieces: readonly Piece[]): Piece =>
  (input) =>
    composed(links(pieces, input), input)

export const linearTo =
  (output: number): Piece =>
  (input) =>
    network(linear(input, output), input, output, `linear(${input}, ${output})`)

/** A piece that gives an output of some size, with a linear layer at its end where it would not. */
export const fitted =
  (piece: Piece, output: number): Piece =>
  (input) => {
    const made = piece(input)
    return made.output === output ? made : chain(() => made, linearTo(output))(input)
  }
