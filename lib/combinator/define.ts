import { checkBranches, checkFunction } from '../layer/checkLayer.ts'
import type { PortOf } from '../layer/custom.ts'
import { inferred } from '../layer/inferred.ts'
import { type AnyLayer, type In, inner, type Layer, type Out } from '../layer/layer.ts'
import { node } from '../layer/node.ts'
import { checkPort, portOf } from '../layer/port.ts'
import { type Loose, type LooseApply, own } from '../layer/records.ts'
import type { Tree } from '../tree/tree.ts'
import type { Any, Batch, Port } from '../type/port.ts'
import { type Branches, type BranchParams, type BranchState, family } from './branches.ts'
import type { Given } from './through.ts'

/** A layer as a function of minibatches, or a sentence for one that does not fit. */
export type Call<L extends AnyLayer> = <X extends Tree>(
  x: Given<L, PortOf<X>> extends infer Refused extends string ? Refused : X,
) => In<L> extends Any ? (Out<L> extends { readonly same: true } ? X : Called<L, X>) : Called<L, X>
type Called<L extends AnyLayer, X> = Batch<Given<L, PortOf<X>>>

/** Layers as functions of minibatches, by name. */
export type Calls<Ls extends Branches> = { readonly [K in keyof Ls]: Call<Ls[K]> }

type Forward = (x: Tree, layers: { readonly [name: string]: (x: Tree) => Tree }) => Tree
type Part = { readonly params: Tree; readonly x: Tree }

/**
 * Any graph as a layer: a plain function of a minibatch, which calls layers as functions and uses operations. The
 * backward pass is inferred: a value used twice gets the sum of its cotangents, and a layer called twice shares its
 * weights. Parameters and state are those of each layer under its name; state passes from call to call.
 *
 * @example
 * import { count, define, linear, op, tanh } from 'pullback'
 * const net = define([7], { L1: linear(7, 4), L2: linear(7, 4), top: linear(4, 3), tanh }, (x, { L1, L2, top, tanh }) => {
 *   const h = tanh(L1(x))
 *   return top(op.mul(op.add(h, L2(x)), h))
 * })
 * count(net) // => 79
 */
export const define = <const I extends Port | Any, const Ls extends Branches, Y extends Tree>(
  port: I,
  layers: Ls,
  forward: (x: Batch<I>, layers: Calls<Ls>) => Y,
): Layer<I, PortOf<Y>, BranchParams<Ls>, BranchState<Ls>> => {
  const input = portOf('define', port)
  checkBranches('define', layers)
  checkFunction('define', 'a function of a minibatch and the layers', forward)
  const make = (others: Branches): AnyLayer => (define as Loose)(input, others, forward)
  const { names, parts, params, state, structure } = family('define', layers, make)
  const stateful = Object.keys(state).length > 0

  const apply: LooseApply = (given, kept, context, x) => {
    checkPort('define', input, x)
    let current = kept
    const call = (part: AnyLayer, name: string, from: Tree) => {
      const params = own(part.params, from)
      let calls = 0
      return (z: Tree): Tree => {
        const at = calls++ === 0 ? context : inner(context, calls)
        const { value, state } = node(part, name, params, own(part.state, current), at, z)
        if (stateful) current = { ...current, ...state }
        return value
      }
    }
    const graph = ({ params, x }: Part): Tree => {
      const calls = Object.fromEntries(names.map((name, i) => [name, call(parts[i] as AnyLayer, name, params)]))
      return (forward as unknown as Forward)(x, calls)
    }
    const [value, pullback] = inferred('define', graph, { params: own(params, given), x })
    return { value, state: current, pullback }
  }
  return { kind: 'define', input, params, state, apply, structure } as Loose
}
