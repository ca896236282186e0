// Layers form a category, and their pullbacks one that goes the other way.
import fc from 'fast-check'
import { type AnyLayer, identity, type Tensor, type Tree } from 'pullback'
import { compose } from '../arbitrary/loose.ts'
import { layerLists, networks } from '../arbitrary/network.ts'
import { called, composed, type Network } from '../arbitrary/piece.ts'
import { sameTree } from '../law/diff.ts'
import { training } from '../law/layer.ts'
import { law, numbersFor, sameOutcome, step } from '../law/network.ts'

/** Two networks that do the same: the names and first values of what they keep, in this order, forward and backward. */
const same = (f: Network, g: Network): boolean => {
  const [a, b] = [numbersFor(f), numbersFor(g)]
  const names = ({ layer }: Network): string => JSON.stringify([Object.keys(layer.params), Object.keys(layer.state)])
  return (
    names(f) === names(g) &&
    sameTree(a.params, b.params) &&
    sameTree(a.state, b.state) &&
    sameOutcome(step(f.layer, a), step(g.layer, b))
  )
}

/** A network as three, some of which may have no layers. */
const cut = layerLists().chain((parts) => {
  const place = fc.integer({ min: 0, max: parts.length })
  return fc.tuple(fc.constant(parts), place, place)
})

law('compose is associative: parameters, state and random keys too', cut, ([parts, p, q]) => {
  const whole = composed(parts, (parts[0] as Network).input)
  const part = (from: number, to?: number): AnyLayer => compose(...parts.slice(from, to).map(({ layer }) => layer))
  const [i, j] = [Math.min(p, q), Math.max(p, q)]
  const [f, g, h] = [part(0, i), part(i, j), part(j)]
  return [compose(compose(f, g), h), compose(f, compose(g, h)), compose(f, g, h)].every((layer) =>
    same({ ...whole, layer }, whole),
  )
})

law('identity is its unit', networks(), (net) =>
  [compose(identity, net.layer), compose(net.layer, identity)].every((layer) => same({ ...net, layer }, net)),
)

law('the pullback of a composite is the composite of the pullbacks', layerLists({ rowwise: true }), (parts) => {
  const net = composed(parts, (parts[0] as Network).input)
  const at = numbersFor(net)
  const own = (declared: object): Tree =>
    Object.fromEntries(
      Object.keys(declared).map((name) => [name, (at.state as { readonly [n: string]: Tree })[name] as Tree]),
    )
  let y: Tree = at.x
  const steps = parts.map(({ layer }) => {
    const step = layer.apply(at.params, own(layer.state), training, y as Tensor)
    y = step.value as Tree
    return step
  })
  let d: Tree = at.dy
  const cotangents = steps.toReversed().map(({ pullback }) => {
    const both = pullback(d as Tensor)
    d = both.input() as Tree
    return both.params() as object
  })
  const union = (records: readonly object[]): Tree => Object.assign({}, ...records)
  const byHand = { value: y, state: union(steps.map(({ state }) => state)), params: union(cotangents), input: d }
  return sameOutcome(step(net.layer, at), byHand)
})

law('a name changes nothing but names', networks({ rowwise: true }), (net) => {
  const at = numbersFor(net)
  const under = (record: Tree): Tree => (Object.keys(record).length === 0 ? record : { n: record })
  const own = step(net.layer, at)
  const found = step(called('n', net).layer, { ...at, params: under(at.params), state: under(at.state) })
  return sameOutcome(found, { ...own, params: under(own.params), state: under(own.state) })
})
