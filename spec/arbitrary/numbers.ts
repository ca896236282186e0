// Numbers of all sizes, at kinks, in saturation and beside poles.
import { fromArray, type Shape, type Tensor } from 'pullback'

/** A source of random numbers between 0 and 1. */
export type Source = () => number

/** Mulberry32: a small generator that is the same everywhere. */
export const source = (seed: number): Source => {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pick = <A>(next: Source, from: readonly A[]): A => from[Math.floor(next() * from.length)] as A
export const whole = (next: Source, low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
const normal = (next: Source): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

const kinds = ['plain', 'plain', 'scaled', 'scaled', 'sparse', 'ties', 'saturated', 'mixed', 'close', 'zeros'] as const
type Kind = (typeof kinds)[number]
const numbers: Readonly<Record<Kind, (next: Source, scale: number) => number>> = {
  plain: normal,
  scaled: (next, scale) => scale * normal(next),
  sparse: (next, scale) => (next() < 0.1 ? 0 : (scale > 1 ? 1 : scale) * normal(next)),
  ties: (next) => Math.round(normal(next)),
  saturated: (next) => 40 * normal(next),
  mixed: (next) => normal(next) * 10 ** (12 * next() - 6),
  close: (next) => pick(next, [0, 1, -1, 3, 6]) + 1e-5 * normal(next) * pick(next, [1, 1e-2, 1e-4]),
  zeros: () => 0,
}

export type Domain = 'any' | 'positive' | 'not zero' | 'probabilities'
const into: Readonly<Record<Domain, (x: number) => number>> = {
  any: (x) => x,
  positive: (x) => Math.abs(x) || 1e-6,
  'not zero': (x) => x || -1e-6,
  probabilities: (x) => 1 / (1 + Math.exp(-x / 4)),
}
export interface Draw {
  readonly next: Source
  readonly tensor: (shape: Shape, domain?: Domain) => Tensor
}
export const drawing = (next: Source): Draw => {
  const kind = pick(next, kinds)
  const scale = 10 ** (12 * next() - 6)
  return {
    next,
    tensor: (shape, domain = 'any') =>
      fromArray(
        Array.from({ length: shape.reduce((n, s) => n * s, 1) }, () => into[domain](numbers[kind](next, scale))),
        shape,
        'float64',
      ),
  }
}

/** A function or layer or loss, and what to check it at. */
export type Program = readonly [subject: unknown, at: unknown]
export type Make = (draw: Draw) => Program
