import { checkLayer } from '../layer/checkLayer.ts'
import {
  type AnyLayer,
  any,
  type Cotangents,
  type In,
  inner,
  type Layer,
  none,
  type Out,
  type Params,
  type State,
  type Unwanted,
} from '../layer/layer.ts'
import { declared, type Loose, type LooseApply, type LooseStep, merge, own } from '../layer/records.ts'
import { ownOf } from '../tree/name.ts'
import type { Any, Fits, Fn, Known, ShowPort, UnionToIntersection } from '../type/port.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { identity } from './identity.ts'
import { monotoneLast } from './monotoneLast.ts'
import type { Open, Through } from './through.ts'

type Taken<L extends AnyLayer, Names> = Extract<keyof Params<L> | keyof State<L>, Names>

/** A sentence about a name that another parameter or layer already has. */
type Twice<L extends AnyLayer, K> = K extends 'frozen' | keyof TensorsOf<Params<L> & State<L>>
  ? `'${K & string}' is the name of an earlier parameter: wrap one of the two in named(…)`
  : `'${K & string}' is the name of an earlier layer: give one of the two another name`
type TensorsOf<P> = { readonly [K in keyof P as P[K] extends AnyTensor ? K : never]: P[K] }

/** The port after a layer that changes shapes, while its own input is not yet known. */
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

/**
 * The layers themselves if each output fits the next input; otherwise a sentence replaces the first that does not fit.
 */
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
      : [...Done, Twice<L, Taken<L, Names>>, ...R]
    : [...Done, Refused<In<L>, X>, ...R]
  : number extends Ls['length']
    ? readonly [
        ...Done,
        ...'layers in a list are composed by stack(list), if all have one type; else give them one by one'[],
      ]
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

/** The output of a chain, if it depends on parts of the input that are not yet known. */
export interface Composed<Ls extends readonly AnyLayer[]> extends Fn {
  readonly same: AllSame<Ls>
  readonly out: ChainOut<Ls, this['in']>
}
/** True if some output is a function of the input's sizes. */
type Changes<Ls extends readonly AnyLayer[]> = [
  Exclude<Extract<Out<Ls[number]>, Fn>, { readonly same: true }>,
] extends [never]
  ? false
  : true
type ChainOutput<Ls extends readonly AnyLayer[], I = ChainIn<Ls>> = I extends Any
  ? Composed<Ls>
  : ChainOut<Ls, I> extends infer Y
    ? Changes<Ls> extends true
      ? [Open<I>, Open<Y>] extends [true, true]
        ? Composed<Ls>
        : Y
      : Y
    : never
type Union<U> = UnionToIntersection<U> extends infer M ? { readonly [K in keyof M]: M[K] } : never

/** The position of a layer among several, counted from 1. */
const placeOf = (i: number, count: number): string => (count === 1 ? '' : ` as number ${i + 1} of ${count}`)

/**
 * Layers one after another: forward from the first to the last, backward through their pullbacks from the last to the
 * first. Parameters and state are the disjoint union of the layers' records; use `named` to give two layers of one kind
 * separate records. `compose` is associative, records and random keys included, with `identity` as its unit; `compose`
 * of one layer is that layer itself.
 *
 * A layer whose input is not the output of the layer before it, or whose names are taken, is a compile error at that
 * layer.
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
  for (const [i, layer] of given.entries()) checkLayer('compose', layer, 'layers', placeOf(i, given.length))
  const layers = (given as readonly AnyLayer[])
    .flatMap((l) => (l.structure?.tag === 'chain' ? l.structure.parts.map((part) => part.layer) : [l]))
    .filter((l) => l !== identity)
  if (layers.length === 1) return layers[0]
  const ordered = monotoneLast(layers)
  const stateful = layers.some((l) => Object.keys(l.state).length > 0)
  const forward: LooseApply = (params, state, context, x) => {
    const steps: LooseStep[] = []
    let value = x
    ordered.forEach((layer, i) => {
      const step = layer.apply(params, own(layer.state, state), inner(context, i), value)
      steps.push(step)
      value = step.value
    })
    const pullback = (dy: Loose): Cotangents<Loose, Loose> => {
      const found: Cotangents<Loose, Loose>[] = []
      /** Goes backward from the last layer, only as far as needed. */
      const at = (first: number): Cotangents<Loose, Loose> => {
        for (let i = steps.length - 1; i >= first; i--)
          found[i] ??= (steps[i] as LooseStep).pullback(found[i + 1]?.input() ?? dy)
        return found[first] as Cotangents<Loose, Loose>
      }
      const params = (unwanted?: Unwanted): Loose => {
        const wanted = (layer: AnyLayer) => Object.keys(layer.params).some((name) => ownOf(unwanted, name) !== true)
        return merge(ordered.map((layer, i) => (wanted(layer) ? at(i).params(unwanted) : none)))
      }
      return { params, input: () => (steps.length === 0 ? dy : at(0).input()) }
    }
    return { value, state: stateful ? merge(steps.map((s) => s.state)) : none, pullback }
  }
  return {
    kind: 'compose',
    input: layers.find((l) => l.input !== any)?.input ?? any,
    params: declared(
      'compose',
      layers.map((l) => l.params),
    ),
    state: declared(
      'compose',
      layers.map((l) => l.state),
    ),
    apply: forward,
    structure: {
      tag: 'chain',
      parts: layers.map((layer) => ({ name: '', layer })),
      rebuild: (parts: readonly AnyLayer[]) => (compose as Loose)(...parts),
    },
  }
}
