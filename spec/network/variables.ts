// What a network keeps: parameters that are frozen, tied or renamed, state, and randomness.
import fc from 'fast-check'
import * as pullback from 'pullback'
import { type AnyLayer, getVectorSpace, type Tree, tanh, toArray } from 'pullback'
import { namesOf } from '../arbitrary/built.ts'
import { compose, freeze, freezeParameters, thaw, tie } from '../arbitrary/loose.ts'
import { networks, pieces } from '../arbitrary/network.ts'
import { called, fitted, type Network } from '../arbitrary/piece.ts'
import { sameTree } from '../law/diff.ts'
import { law, numbersFor, sameOutcome, step } from '../law/network.ts'

type Record = { readonly [name: string]: Tree }
interface Variables {
  readonly params: Record
  readonly state: Record
}
interface LooseTrees {
  readonly only: (tree: Tree, ...names: readonly string[]) => Record
  readonly without: (tree: Tree, ...names: readonly string[]) => Record
  readonly rename: (tree: Tree, names: { readonly [name: string]: string }) => Record
  readonly at: () => (name: string) => {
    readonly get: (tree: Tree) => Tree
    readonly set: (part: Tree) => (tree: Tree) => Tree
  }
}
const { only, without, rename, at } = pullback.tree as unknown as LooseTrees
const variables = pullback as unknown as {
  readonly freeze: (of: { readonly params: Tree; readonly state: Tree }, name: string) => Variables
  readonly thaw: (of: Variables) => Variables
}

/** Networks with the name of some of their parameters, or of a record of them. */
const withName = (nets: fc.Arbitrary<Network>): fc.Arbitrary<readonly [Network, string]> =>
  nets
    .filter(({ layer }) => namesOf(layer).length > 0)
    .chain((net) => fc.tuple(fc.constant(net), fc.constantFrom(...namesOf(net.layer))))

law('what is frozen in training mode is state; all else is as it was', withName(networks()), ([net, name]) => {
  const given = numbersFor(net)
  const kept = variables.freeze(given, name)
  const own = step(net.layer, given)
  const state = { ...(own.state as Record), frozen: kept.state.frozen as Tree }
  return sameOutcome(step(freezeParameters(net.layer, name), { ...given, ...kept }), {
    ...own,
    params: without(own.params, name),
    state,
  })
})

/** Those whose frozen parts, if any, can take back their names. */
const thawable = networks({ rowwise: true }).filter(({ layer: { params, state } }) =>
  Object.keys((state as { readonly frozen?: object }).frozen ?? {}).every((name) => !Object.hasOwn(params, name)),
)

law('what is thawed is as before it was frozen', withName(thawable), ([net, name]) => {
  const given = numbersFor(net)
  const own = step(net.layer, given)
  const thawed = variables.thaw(variables.freeze(given, name))
  const found = step(thaw(freeze(net.layer, name)), { ...given, ...thawed })
  return sameOutcome(
    { ...found, params: only(found.params, ...Object.keys(net.layer.params)) },
    { ...own, state: found.state },
  )
})

const endomorphisms = fc.tuple(pieces(), fc.integer({ min: 1, max: 5 })).map(([piece, n]) => fitted(piece, n)(n))

law('tied parameters have the sum of the gradients', withName(endomorphisms), ([net, name]) => {
  const two = compose(called('a', net).layer, tanh as AnyLayer, called('b', net).layer)
  const given = numbersFor({ ...net, layer: two })
  const [a, b] = [at()(`a.${name}`), at()(`b.${name}`)]
  const own = step(two, { ...given, params: b.set(a.get(given.params))(given.params) })
  const found = step(tie(two, `a.${name}`, `b.${name}`), { ...given, params: without(given.params, `b.${name}`) })
  const total = getVectorSpace(a.get(own.params)).concat(a.get(own.params), b.get(own.params))
  return sameOutcome(found, { ...own, params: without(a.set(total)(own.params), `b.${name}`) })
})

law('a new name, and the old one again', withName(networks()), ([net, name]) => {
  const { params } = numbersFor(net)
  return sameTree(rename(rename(params, { [name]: 'another.one' }), { 'another.one': name }), params)
})

law('the gradient under another name is the gradient renamed', withName(networks({ rowwise: true })), ([net]) => {
  const [x, y] = [called('x', net), called('y', net)]
  const given = numbersFor(x)
  const renamed = (record: Tree): Tree => ('x' in record ? rename(record, { x: 'y' }) : record)
  const found = step(y.layer, { ...given, params: renamed(given.params), state: renamed(given.state) })
  const own = step(x.layer, given)
  return sameOutcome(found, { ...own, params: renamed(own.params), state: renamed(own.state) })
})

law('evaluation leaves state as it is', networks(), (net) => {
  const given = numbersFor(net)
  return sameTree(step(net.layer, given, { mode: 'eval' }).state, given.state)
})

law('the same key gives the same, to the last bit', networks(), (net) =>
  sameOutcome(step(net.layer, numbersFor(net)), step(net.layer, numbersFor(net))),
)

law('nothing is written to', networks(), (net) => {
  const given = numbersFor(net)
  const seen = (): string => JSON.stringify(pullback.tree.leaves({ ...given }).map((x) => toArray(x)))
  const before = seen()
  const { state } = step(net.layer, given)
  step(net.layer, { ...given, state }, { mode: 'eval' })
  return seen() === before
})
