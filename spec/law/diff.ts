import {
  type CheckOptions,
  cast,
  eqTree,
  getVectorSpace,
  gradCheck,
  key,
  random,
  show,
  type Tensor,
  type Tree,
  toArray,
  tree,
  vjp,
} from 'pullback'
import type { Test } from 'tap'
import { layouts } from '../arbitrary/tensor.ts'

export const sameTree = eqTree.equals

/** Whether two trees are close as vectors; the norms of such as are rounding alone lie below `least`. */
export const closeTrees = (given: Tree, other: Tree, relative = 1e-12, least = 1e-300): boolean => {
  const floats = (x: Tree): Tree => tree.map(x, (leaf) => (leaf.dtype === 'int32' ? cast(leaf, 'float64') : leaf))
  const [a, b] = [floats(given), floats(other)]
  const V = getVectorSpace(a)
  const difference = V.concat(a, V.inverse(b))
  const norm = (x: Tree): number => Math.sqrt(V.dot(x, x))
  return norm(difference) <= relative * Math.max(norm(a), norm(b), least)
}

/** Trees that are equal in value to a tree of floats, its tensors lying otherwise in memory. */
const variants = <A extends Tree>(a: A): readonly (readonly [string, A])[] =>
  ['plain', 'transposed', 'flipped', 'sliced'].map((name) => [
    name,
    tree.map(a, (t) => (t.dtype === 'int32' ? t : (layouts(t as Tensor).find(([n]) => n === name)?.[1] ?? t))),
  ])

/** Random numbers in the structure of a tree. */
const drawn = (like: Tree): Tree => {
  let seed = 3
  return tree.map(like, (t) => (t.dtype === 'int32' ? t : random.normal(key(seed++), t.shape, 'float64')))
}

/** The gradient of ⟨d, f⟩, and that of ⟨u, the gradient⟩. */
const bothOrders = <A extends Tree, B extends Tree>(f: (a: A) => B, a: A, d: B, u: A): readonly [A, A] => {
  const [gradient, back] = vjp((x: A): A => vjp(f)(x)[1](d))(a)
  return [gradient, back(u)]
}

/**
 * The laws of a differentiable function, at some argument in float64: its derivatives of both orders are right; the value is
 * that of the plain function; the pullback is linear, gives the same twice, and leaves its argument alone. For tensors
 * that lie in memory in another way, value and derivatives are those of plain data.
 */
export const lawsOfDiff = <A extends Tree, B extends Tree>(
  t: Test,
  name: string,
  f: (a: A) => B,
  at: A,
  options: CheckOptions = {},
): void => {
  const report = gradCheck(f, at, options)
  t.ok(report.pass && report.notes.length === 0, `${name}: derivatives`, { report: show(report) })
  const value = f(at)
  const [dy, u] = [drawn(value) as B, drawn(at) as A]
  const said = bothOrders(f, at, dy, u)
  for (const [layout, a] of variants(at)) {
    const before = tree.leaves(a).map((x) => toArray(x))
    const [y, back] = vjp(f)(a)
    t.ok(sameTree(y, f(a)), `${name}, ${layout}: value of the plain function`)
    t.ok(closeTrees(y, value), `${name}, ${layout}: value as for plain data`)
    for (const [i, found] of bothOrders(f, a, dy, u).entries())
      t.ok(closeTrees(found, said[i] as A), `${name}, ${layout}: derivatives of order ${i + 1} as for plain data`)
    const V = getVectorSpace(y)
    const W = getVectorSpace(a)
    const d = tree.map(y, (x) => x)
    const e = V.scale(-0.7, V.concat(y, y))
    t.ok(sameTree(back(d), back(d)), `${name}, ${layout}: pullback the same twice`)
    const together = back(V.concat(V.scale(2, d), e))
    t.ok(closeTrees(together, W.concat(W.scale(2, back(d)), back(e)), 1e-9), `${name}, ${layout}: pullback linear`)
    t.same(
      tree.leaves(a).map((x) => toArray(x)),
      before,
      `${name}, ${layout}: argument untouched`,
    )
  }
}
