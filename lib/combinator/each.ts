import { checkBranches } from '../layer/checkLayer.ts'
import type { AnyLayer, In, Layer, Out } from '../layer/layer.ts'
import type { Fn } from '../type/port.ts'
import { type Branches, type BranchParams, type BranchState, branches } from './branches.ts'
import type { Given } from './through.ts'

type EachIn<Ls extends Branches> = { readonly [K in keyof Ls]: In<Ls[K]> }
type Record<Ls extends Branches, X> = { readonly [K in keyof Ls]: K extends keyof X ? Given<Ls[K], X[K]> : never }
/** The record of the branches' outputs, each for its own input. */
export interface EachOut<Ls extends Branches> extends Fn {
  readonly out: Record<Ls, this['in']> extends infer Y
    ? Extract<Y[keyof Y], string> extends infer Refused
      ? [Refused] extends [never]
        ? Y
        : Refused
      : never
    : never
}
type Output<Ls extends Branches> = [Extract<Out<Ls[keyof Ls]>, Fn>] extends [never]
  ? { readonly [K in keyof Ls]: Out<Ls[K]> }
  : EachOut<Ls>

/**
 * Gives every branch its own input: maps a record of inputs to the record of the branches' outputs. Parameters and
 * state are those of each branch under its name.
 *
 * @example
 * import { compose, each, join, linear, relu } from 'pullback'
 * const both = compose(each({ left: linear(3, 2), right: compose(linear(4, 2), relu) }), join.sum)
 * both.input // => { left: [3], right: [4] }
 */
export const each = <const Ls extends Branches>(
  layers: Ls,
): Layer<EachIn<Ls>, Output<Ls>, BranchParams<Ls>, BranchState<Ls>> => {
  checkBranches('each', layers)
  return branches(layers, {
    kind: 'each',
    input: Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, layer.input])),
    take: (x, name) => x[name],
    join: (dxs) => dxs,
    make: each as unknown as (layers: Branches) => AnyLayer,
  })
}
