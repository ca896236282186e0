import fc from 'fast-check'
import {
  type AnyLayer,
  batchNorm,
  dropout,
  elementwise,
  identity,
  layerNorm,
  logSoftmax,
  op,
  relu,
  sigmoid,
  softmax,
  tanh,
} from 'pullback'
import { counter } from '../support/counter.ts'
import { noise } from '../support/noise.ts'
import {
  branched,
  computedAgain,
  forked,
  frozen,
  halved,
  type Join,
  recalled,
  repeated,
  residualOf,
  tied,
} from './built.ts'
import { called, linearTo, network, type Piece } from './piece.ts'

/** A kind of layer that random networks are made of. */
export interface Maker {
  /** Pieces of it, made of others where it is built of such. */
  readonly pieces: (parts: fc.Arbitrary<Piece>) => fc.Arbitrary<Piece>
  /** Is built of others. */
  readonly built?: true
  /** Has kinks, where differences prove nothing. */
  readonly kinked?: true
  /** What it gives for an example depends on its place in the minibatch, or on the others there. */
  readonly mixing?: true
}

const layers = (...list: readonly (readonly [source: string, layer: AnyLayer])[]): Maker['pieces'] => {
  const pieces = list.map(
    ([source, layer]): Piece =>
      (input) =>
        network(layer, input, input, source),
  )
  return () => fc.constantFrom(...pieces)
}

/** Numbers that vary little are not blown up: what is checked by differences is no steeper than the rest. */
const gentle = { epsilon: 1 }
const normalised =
  (name: string, make: (size: number) => AnyLayer): Piece =>
  (input) =>
    called(name, network(make(input), input, input, `${name}(${input}, { epsilon: 1 })`))

const size = fc.integer({ min: 1, max: 5 })
const kinds = fc.constantFrom<'fanout' | 'each'>('fanout', 'each')
const joins = fc.constantFrom<Join>('sum', 'product', 'concat')

/** What random networks are made of: an entry here, and every law of networks is checked with it. */
export const makers: readonly Maker[] = [
  { pieces: () => size.map(linearTo) },
  {
    pieces: layers(
      ['tanh', tanh],
      ['sigmoid', sigmoid],
      ['softmax', softmax],
      ['logSoftmax', logSoftmax],
      ['identity', identity],
      ['elementwise(op.tanh)', elementwise(op.tanh)],
      ['elementwise(Math.sin, Math.cos, (x) => -Math.sin(x))', elementwise(Math.sin, Math.cos, (x) => -Math.sin(x))],
      ['counter', counter],
    ),
  },
  { kinked: true, pieces: layers(['relu', relu]) },
  { mixing: true, pieces: layers(['noise', noise], ['dropout({ drop: 0.3 })', dropout({ drop: 0.3 })]) },
  { mixing: true, pieces: () => fc.constant(normalised('batchNorm', (n) => batchNorm(n, gentle))) },
  { pieces: () => fc.constant(normalised('layerNorm', (n) => layerNorm(n, gentle))) },
  { built: true, pieces: (parts) => parts.map((part) => (input) => called('nest', part(input))) },
  {
    built: true,
    pieces: (parts) =>
      fc.tuple(kinds, joins, fc.array(parts, { minLength: 1, maxLength: 3 }), size).map((plan) => branched(...plan)),
  },
  { built: true, pieces: (parts) => parts.map(residualOf) },
  { built: true, pieces: (parts) => fc.tuple(fc.nat(3), parts).map((plan) => repeated(...plan)) },
  { built: true, pieces: (parts) => fc.tuple(parts, parts).map((plan) => forked(...plan)) },
  { built: true, pieces: (parts) => parts.map(recalled) },
  { built: true, pieces: (parts) => fc.tuple(parts, fc.nat(20)).map((plan) => frozen(...plan)) },
  { built: true, pieces: (parts) => parts.map(tied) },
  { built: true, pieces: (parts) => parts.map(halved) },
  { built: true, pieces: (parts) => parts.map(computedAgain) },
]
