// Sums, products and records of networks: how cotangents flow where a graph forks and joins.
import fc from 'fast-check'
import { type AnyLayer, identity, join, op, split, type Tensor, type Tree, tanh } from 'pullback'
import { compose, define, each, fanout, residual, tie } from '../arbitrary/loose.ts'
import { pieces } from '../arbitrary/network.ts'
import { called, fitted, type Network } from '../arbitrary/piece.ts'
import { sameTree } from '../law/diff.ts'
import { law, near, normal, numbersFor, type Outcome, sameOutcome, step } from '../law/network.ts'

type Named<A> = { readonly [name: string]: A }
type Numbers = ReturnType<typeof numbersFor>

const size = fc.integer({ min: 1, max: 5 })
const piece = pieces({ rowwise: true })
/** Two networks that take the same and give the same. */
const pairs = fc
  .tuple(piece, piece, size, size)
  .map(([f, g, input, output]) => ({ f: fitted(f, output)(input), g: fitted(g, output)(input) }))
/** Networks that give what they take. */
const endomorphisms = fc.tuple(piece, size).map(([f, n]) => fitted(f, n)(n))

/** A branch, at its part of the numbers of the whole. */
const branch = (name: string, { layer }: Network, at: Numbers, dy: Tree): Outcome => {
  const part = (record: Tree): Tree => (record as Named<Tree>)[name] ?? {}
  return step(layer, { params: part(at.params), state: part(at.state), x: at.x, dy })
}

/** What branches keep, side by side; records with no names are left out. */
const kept = (branches: Named<Outcome>): { readonly params: Tree; readonly state: Tree } => {
  const aside = (of: 'params' | 'state'): Tree =>
    Object.fromEntries(
      Object.entries(branches)
        .map(([name, outcome]) => [name, outcome[of]] as const)
        .filter(([, record]) => Object.keys(record).length > 0),
    )
  return { params: aside('params'), state: aside('state') }
}

const add = (a: Tree, b: Tree): Tensor => op.add(a as Tensor, b as Tensor) as Tensor
const mul = (a: Tree, b: Tree): Tensor => op.mul(a as Tensor, b as Tensor) as Tensor
const joined = ({ f, g }: { readonly f: Network; readonly g: Network }, join: AnyLayer): AnyLayer =>
  compose(fanout({ f: f.layer, g: g.layer }), join)

law('the pullback of a sum is the sum of the pullbacks', pairs, ({ f, g }) => {
  const whole = joined({ f, g }, join.sum)
  const at = numbersFor({ ...f, layer: whole })
  const [F, G] = [branch('f', f, at, at.dy), branch('g', g, at, at.dy)]
  const expected = { value: add(F.value, G.value), ...kept({ f: F, g: G }), input: add(F.input, G.input) }
  return sameOutcome(step(whole, at), expected)
})

law('each factor of a product gets the cotangent times the other', pairs, ({ f, g }) => {
  const whole = joined({ f, g }, join.product)
  const at = numbersFor({ ...f, layer: whole })
  const [y, z] = [branch('f', f, at, at.dy).value, branch('g', g, at, at.dy).value]
  const [F, G] = [branch('f', f, at, mul(at.dy, z)), branch('g', g, at, mul(at.dy, y))]
  return sameOutcome(step(whole, at), { value: mul(y, z), ...kept({ f: F, g: G }), input: add(F.input, G.input) })
})

law('each part of a concatenation gets its part of the cotangent', pairs, ({ f, g }) => {
  const whole = joined({ f, g }, join.concat)
  const n = f.output
  const at = numbersFor({ ...f, layer: whole, output: 2 * n })
  const [F, G] = [
    branch('f', f, at, op.slice(at.dy, [null, [0, n]])),
    branch('g', g, at, op.slice(at.dy, [null, [n, 2 * n]])),
  ]
  const value = op.concat([F.value as Tensor, G.value as Tensor], -1)
  return sameOutcome(step(whole, at), { value, ...kept({ f: F, g: G }), input: add(F.input, G.input) })
})

law('fanout is dual to sum: each is the other transposed', fc.tuple(size, size), ([branches, n]) => {
  const names = ['c', 'a', 'd', 'b', 'e'].slice(0, branches)
  const fork = fanout(Object.fromEntries(names.map((name) => [name, identity as AnyLayer])))
  const record = Object.fromEntries(names.map((name, i) => [name, normal(i, 2, n)]))
  const x = normal(9, 2, n)
  const [forked, summed] = [
    step(fork, { params: {}, state: {}, x, dy: record }),
    step(join.sum, { params: {}, state: {}, x: record, dy: x }),
  ]
  return near(forked.input, summed.value) && sameTree(forked.value, summed.input)
})

law('split is dual to concat', fc.array(size, { minLength: 1, maxLength: 5 }), (sizes) => {
  const parts = Object.fromEntries(sizes.map((n, i) => [`p${i}`, n]))
  const record = Object.fromEntries(sizes.map((n, i) => [`p${i}`, normal(i, 2, n)]))
  const x = normal(
    9,
    2,
    sizes.reduce((a, b) => a + b),
  )
  const [there, back] = [
    step(split(parts), { params: {}, state: {}, x, dy: record }),
    step(join.concat, { params: {}, state: {}, x: record, dy: x }),
  ]
  return sameTree(there.input, back.value) && sameTree(there.value, back.input)
})

law('fanout is each after a fork, backward a sum after each', pairs, ({ f, g }) => {
  const [forked, aside] = [fanout({ f: f.layer, g: g.layer }), each({ f: f.layer, g: g.layer })]
  const { params, state, x } = numbersFor({ ...f, layer: forked })
  const dy = { f: normal(4, 2, f.output), g: normal(5, 2, g.output) }
  const own = step(forked, { params, state, x, dy })
  const apart = step(aside, { params, state, x: { f: x, g: x }, dy })
  const { f: df, g: dg } = apart.input as Named<Tree>
  return sameOutcome(own, { ...apart, input: add(df as Tree, dg as Tree) })
})

law('a residual is the sum with the identity', endomorphisms, (f) => {
  const whole = compose(fanout({ f: f.layer, x: identity as AnyLayer }), join.sum)
  const at = numbersFor({ ...f, layer: whole })
  const part = (record: Tree): Tree => (record as Named<Tree>).f ?? {}
  const own = step(residual(f.layer), { ...at, params: part(at.params), state: part(at.state) })
  return sameOutcome(step(whole, at), { ...own, ...kept({ f: own }) })
})

const graph = (layers: Named<Network>, forward: Parameters<typeof define>[2]): AnyLayer =>
  define(
    [layers.F?.input as number],
    Object.fromEntries(Object.entries(layers).map(([name, { layer }]) => [name, layer])),
    forward,
  )

const one = fc.tuple(piece, size).map(([f, n]) => f(n))
const two = fc.tuple(one, piece).map(([F, g]) => ({ F, G: g(F.output) }))

law('define without forks is compose', two, ({ F, G }) => {
  const chained = compose(called('F', F).layer, called('G', G).layer)
  const whole = graph({ F, G }, (x, { F, G }) => G(F(x)))
  const at = numbersFor({ ...G, input: F.input, layer: chained })
  return sameOutcome(step(whole, at), step(chained, at))
})

law('a value that is used twice gets the sum of its cotangents', one, (F) => {
  const chained = compose(called('F', F).layer, residual(tanh as AnyLayer))
  const whole = graph({ F }, (x, { F }) => {
    const h = F(x)
    return add(h, op.tanh(h))
  })
  const at = numbersFor({ ...F, layer: chained })
  return near({ ...step(whole, at) }, { ...step(chained, at) })
})

law('a layer that is called twice has the gradient of two that are tied', endomorphisms, (F) => {
  const shared = graph({ F }, (x, { F }) => F(op.tanh(F(x))))
  const two = compose(called('a', F).layer, tanh as AnyLayer, called('b', F).layer)
  const at = numbersFor({ ...F, layer: shared })
  const moved = (record: Tree, ...names: readonly string[]): Tree =>
    'F' in record ? Object.fromEntries(names.map((name) => [name, record.F as Tree])) : {}
  const tied = Object.keys(F.layer.params).length === 0 ? two : tie(two, 'a', 'b')
  const own = step(shared, at)
  const found = step(tied, { ...at, params: moved(at.params, 'a'), state: moved(at.state, 'a', 'b') })
  return near(own.value, found.value) && near(own.input, found.input) && near(moved(own.params, 'a'), found.params)
})
