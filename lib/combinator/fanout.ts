import { StructureError } from '../error/tensorError.ts'
import { checkBranches } from '../layer/checkLayer.ts'
import { type AnyLayer, any, type In, type Layer, type Out } from '../layer/layer.ts'
import { meet } from '../layer/port.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import type { Any, Fits, Fn, Keys, Known, Port, ShowPort } from '../type/port.ts'
import { type Branches, type BranchParams, type BranchState, branches } from './branches.ts'
import type { Given, Open } from './through.ts'

type MeetAll<Ls extends Branches, Ks, X = Any> = Ks extends readonly [infer K extends keyof Ls, ...infer R]
  ? MeetAll<Ls, R, Fits<In<Ls[K]>, X> extends true ? Known<X, In<Ls[K]>> : X>
  : X
/** The input that all branches share. */
type FanIn<Ls extends Branches> = MeetAll<Ls, Keys<Ls>>

/** The sentence about a branch that does not take X. */
type Unfit<L extends AnyLayer, X> =
  Fits<In<L>, X> extends true
    ? Extract<Given<L, X>, string>
    : `takes ${ShowPort<In<L>>}, but another branch takes ${ShowPort<X>}`
/** The layers themselves if all take one input; otherwise a sentence replaces each that does not. */
export type Fanned<Ls extends Branches, X = FanIn<Ls>> = [{ [K in keyof Ls]: Unfit<Ls[K], X> }[keyof Ls]] extends [
  never,
]
  ? Ls
  : { readonly [K in keyof Ls]: [Unfit<Ls[K], X>] extends [never] ? Ls[K] : Unfit<Ls[K], X> }

type Record<Ls extends Branches, X> = { readonly [K in keyof Ls]: Given<Ls[K], X> }
/** The record of the branches' outputs for one input. */
export interface FannedOut<Ls extends Branches> extends Fn {
  readonly out: Extract<Given<Ls[keyof Ls], this['in']>, string> extends infer Refused
    ? [Refused] extends [never]
      ? Record<Ls, this['in']>
      : Refused
    : never
}
type FanOut<Ls extends Branches, X = FanIn<Ls>> = X extends Any
  ? FannedOut<Ls>
  : [Extract<Out<Ls[keyof Ls]>, Fn>] extends [never]
    ? Record<Ls, X>
    : Open<X> extends false
      ? Record<Ls, X>
      : FannedOut<Ls>

const common = (layers: Branches): Port => {
  checkBranches('fanout', layers)
  return Object.values(layers)
    .map((layer) => layer.input as Port)
    .reduce(
      (a, b) =>
        meet(a, b, () => {
          throw new StructureError({
            op: 'fanout',
            expected: 'branches that take one input',
            actual: Object.entries(layers)
              .map(([name, layer]) => `${name}: ${JSON.stringify(layer.input)}`)
              .join(', '),
            code: 'shape-mismatch',
          })
        }),
      any as unknown as Port,
    )
}

/**
 * Gives one input to every branch and returns a record of their outputs. In the backward pass, the cotangent of the
 * input is the sum of the branches'. Parameters and state are those of each branch under its name. Combine the outputs
 * with `join.sum`, `join.product` or `join.concat`.
 *
 * A branch whose input differs from the others' is a compile error at that branch.
 *
 * @example
 * import { compose, count, fanout, join, linear, sigmoid } from 'pullback'
 * const gated = compose(fanout({ value: linear(5, 4), gate: compose(linear(5, 4), sigmoid) }), join.product)
 * count(gated) // => 48
 * Object.keys(gated.params) // => ['value', 'gate']
 */
export const fanout = <const Ls extends Branches>(
  layers: Fanned<Ls>,
): Layer<FanIn<Ls>, FanOut<Ls>, BranchParams<Ls>, BranchState<Ls>> =>
  branches(layers as Branches, {
    kind: 'fanout',
    input: common(layers as Branches),
    take: (x) => x,
    join: (dxs) => Object.values(dxs).reduce((a, b) => addTrees(a, b)),
    make: fanout as unknown as (layers: Branches) => AnyLayer,
  })
