import { StructureError } from '../error/tensorError.ts'
import type { Any, Apply, Batch, Fits, Fn, Known, ShowPort, UnionToIntersection } from '../type/port.ts'
import type { Shape } from '../type/tensor.ts'
import {
  type AnyLayer,
  any,
  type Context,
  type Cotangents,
  type In,
  inner,
  type Layer,
  lazy,
  none,
  type Out,
  type Params,
  type State,
  type Step,
} from './layer.ts'
import { reluAfterPool } from './reluAfterPool.ts'

type Through<O, X> = O extends Fn ? Apply<O, X> : O
type Taken<L extends AnyLayer, Names> = Extract<keyof Params<L> | keyof State<L>, Names>

/** The port after a layer that changes shapes, when its own input is not known yet. */
interface Unsure {
  readonly unsure: unique symbol
}
type Meets<I, X> = X extends Any ? true : X extends Unsure ? (I extends Any ? true : false) : Fits<I, X>
type After<L extends AnyLayer, X> =
  In<L> extends Any
    ? X extends Any
      ? Out<L> extends { readonly same: true }
        ? X
        : Unsure
      : X extends Unsure
        ? X
        : Through<Out<L>, X>
    : Through<Out<L>, Known<In<L>, X>>
type Refused<I, X> = X extends Unsure
  ? `takes ${ShowPort<I>}, but what comes before depends on an input not known yet: begin the chain with input(…)`
  : `takes ${ShowPort<I>}, but the layer before gives ${ShowPort<X>}`

/** The layers themselves if each output meets the next input, else a sentence in the place of the first that does not fit. */
export type Chained<
  Ls extends readonly AnyLayer[],
  X = Any,
  Names = never,
  Done extends readonly unknown[] = [],
> = Ls extends readonly [infer L extends AnyLayer, ...infer R extends readonly AnyLayer[]]
  ? Meets<In<L>, X> extends true
    ? [Taken<L, Names>] extends [never]
      ? After<L, X> extends infer Y
        ? Y extends string
          ? [...Done, Y, ...R]
          : Chained<R, Y, Names | keyof Params<L> | keyof State<L>, [...Done, L]>
        : never
      : [
          ...Done,
          `'${Taken<L, Names> & string}' is the name of an earlier parameter: wrap one of the two in named(…)`,
          ...R,
        ]
    : [...Done, Refused<In<L>, X>, ...R]
  : Done

type ChainIn<Ls extends readonly AnyLayer[]> = Ls extends readonly [
  infer L extends AnyLayer,
  ...infer R extends readonly AnyLayer[],
]
  ? In<L> extends Any
    ? ChainIn<R>
    : In<L>
  : Any
type ChainOut<Ls extends readonly AnyLayer[], X> = Ls extends readonly [
  infer L extends AnyLayer,
  ...infer R extends readonly AnyLayer[],
]
  ? ChainOut<R, Through<Out<L>, Known<In<L>, X>>>
  : X
type AllSame<Ls extends readonly AnyLayer[]> = Out<Ls[number]> extends { readonly same: true } ? true : false

/** The output of a chain, where it depends on what is not known of the input yet. */
export interface Composed<Ls extends readonly AnyLayer[]> extends Fn {
  readonly same: AllSame<Ls>
  readonly out: ChainOut<Ls, this['in']>
}
/** Whether some output is a function of the input's sizes. */
type Changes<Ls extends readonly AnyLayer[]> = [
  Exclude<Extract<Out<Ls[number]>, Fn>, { readonly same: true }>,
] extends [never]
  ? false
  : true
type Open<X> = X extends Shape ? (number extends X[number] ? true : false) : false
type ChainOutput<Ls extends readonly AnyLayer[], I = ChainIn<Ls>> = I extends Any
  ? Composed<Ls>
  : ChainOut<Ls, I> extends infer Y
    ? [Changes<Ls>, Open<I>, Open<Y>] extends [true, true, true]
      ? Composed<Ls>
      : Y
    : never
type Union<U> = UnionToIntersection<U> extends infer M ? { readonly [K in keyof M]: M[K] } : never

// biome-ignore lint/suspicious/noExplicitAny: the records that pass through a chain are known to its signature alone
type Loose = any

const merge = (records: readonly object[]): Loose => {
  const full = records.filter((r) => Object.keys(r).length > 0)
  return full.length === 0 ? none : full.length === 1 ? full[0] : Object.assign({}, ...full)
}

/** The declarations of all layers in one record. A name that two of them have is an error. */
const declared = (records: readonly object[]): Loose => {
  const names = new Set<string>()
  for (const name of records.flatMap((r) => Object.keys(r))) {
    if (names.has(name))
      throw new StructureError({
        op: 'compose',
        expected: 'each name once',
        actual: `'${name}' twice`,
        remedy: 'wrap one of the two layers in named(…)',
      })
    names.add(name)
  }
  return merge(records)
}

/** The part of the state that a layer has declared. */
const own = (layer: AnyLayer, state: Loose): Loose => {
  const names = Object.keys(layer.state)
  return names.length === 0 ? none : Object.fromEntries(names.map((name) => [name, state[name]]))
}

/**
 * Layers one after the other: forward from the first to the last, backward through their pullbacks from the last to the
 * first. Parameters and state are the disjoint union of the layers' records; `named` gives two layers of one kind records of
 * their own. Associative, records and random keys included, with `identity` as its unit.
 *
 * A layer whose input is not the output of the one before, or whose names are taken, is a compile error at that layer.
 *
 * @example
 * import { compose, count, linear, named, relu } from 'pullback'
 * const net = compose(named('L1', linear(784, 128)), relu, named('L2', linear(128, 10)))
 * count(net) // => 101770
 */
export function compose<const Ls extends readonly AnyLayer[]>(
  ...layers: Ls extends Chained<Ls> ? Ls : Chained<Ls>
): Layer<ChainIn<Ls>, ChainOutput<Ls>, Union<Params<Ls[number]>>, Union<State<Ls[number]>>>
export function compose(...given: Loose): Loose {
  const layers = (given as readonly AnyLayer[]).flatMap((l) =>
    l.structure?.tag === 'chain' ? l.structure.layers : [l],
  )
  const ordered = reluAfterPool(layers)
  const stateful = layers.some((l) => Object.keys(l.state).length > 0)
  const forward = (
    params: Loose,
    state: Loose,
    context: Context,
    x: Batch<Loose>,
  ): Step<Loose, Loose, Loose, Loose> => {
    const steps: Step<Loose, Loose, Loose, Loose>[] = []
    let value = x
    ordered.forEach((layer, i) => {
      const step = layer.apply(params, own(layer, state), inner(context, i), value)
      steps.push(step)
      value = step.value
    })
    const pullback = (dy: Loose): Cotangents<Loose, Loose> => {
      const found: Cotangents<Loose, Loose>[] = []
      let input = () => dy
      for (let i = steps.length - 1; i >= 0; i--) {
        const cotangents = (steps[i] as Step<Loose, Loose, Loose, Loose>).pullback(input())
        found.unshift(cotangents)
        input = cotangents.input
      }
      return { params: lazy(() => merge(found.map((c) => c.params()))), input }
    }
    return { value, state: stateful ? merge(steps.map((s) => s.state)) : none, pullback }
  }
  return {
    kind: 'compose',
    input: layers.find((l) => l.input !== any)?.input ?? any,
    params: declared(layers.map((l) => l.params)),
    state: declared(layers.map((l) => l.state)),
    apply: forward,
    structure: { tag: 'chain', layers },
  }
}
