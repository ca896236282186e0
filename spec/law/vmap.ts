import { type AnyTensor, cast, jvp, op, random, type Shape, type Tensor, type Tree, tree, vjp, vmap } from 'pullback'
import type { Test } from 'tap'
import { sameShape } from '../../lib/tensor/shape.ts'
import { closeTrees } from './diff.ts'
import { lawOfFunction } from './program.ts'

type Function = (...xs: readonly AnyTensor[]) => AnyTensor
/** Makes an argument for a number of examples, or for examples of examples: [...examples, ...shape]. */
export type Draw = (examples: Shape, seed: number) => AnyTensor

const normal = (shape: Shape, seed: number): Tensor => random.normal(random.key(seed), shape, 'float64')

/** Numbers from a normal distribution, with their signs taken off and away from 0 if asked for. */
export const floats =
  (shape: Shape, positive = false): Draw =>
  (examples, seed) => {
    const x = normal([...examples, ...shape], seed)
    return positive ? op.shift(op.mul(x, x), 0.2) : x
  }

/** Whole numbers from 0 to n − 1. */
export const indices =
  (shape: Shape, n: number): Draw =>
  (examples, seed) =>
    op.argmax(normal([...examples, ...shape, n], seed))

/** The loop that `vmap` stands for: one example after the other. */
const loop =
  (f: (xs: Tree) => AnyTensor) =>
  (xs: Tree): AnyTensor => {
    const size = tree.leaves(xs)[0]?.shape[0] as number
    const results = Array.from({ length: size }, (_, i) => f(tree.map(xs, (x) => op.slice(x, [i]) as AnyTensor)))
    return op.concat(results.map((y) => op.reshape(y, [1, ...y.shape]) as AnyTensor)) as AnyTensor
  }

/** Whether two trees are of the same shapes and formats, and their numbers but for rounding. */
const same = (a: Tree, b: Tree): boolean => {
  const [x, y] = [tree.leaves(a), tree.leaves(b)]
  if (!x.every((t, i) => sameShape(t.shape, y[i]?.shape as Shape) && t.dtype === y[i]?.dtype)) return false
  const float = (t: Tree) => tree.map(t, (u) => cast(u, 'float64'))
  return closeTrees(float(a), float(b), 1e-11)
}

const randomLike = (like: Tree, seed: number): Tree => {
  let i = 0
  return tree.map(like, (x) =>
    x.dtype === 'int32' ? op.cast(op.scale(op.cast(x, 'float64'), 0), 'int32') : normal(x.shape, seed + i++),
  )
}

/** Which of n arguments differ between examples: at least one. */
const choices = (n: number): readonly (readonly boolean[])[] =>
  Array.from({ length: 2 ** n - 1 }, (_, k) => Array.from({ length: n }, (_, i) => ((k + 1) >> i) % 2 === 1))

/** A function of several tensors of which those that differ between examples come in a list, the others being fixed. */
const ofThose = (f: Function, draws: readonly Draw[], differ: readonly boolean[]) => {
  const fixed = draws.map((draw, i) => draw([], 100 + i))
  return {
    draw: (examples: Shape): AnyTensor[] => draws.flatMap((d, i) => (differ[i] ? [d(examples, 200 + i)] : [])),
    g: (xs: Tree): AnyTensor => {
      const given = tree.leaves(xs)[Symbol.iterator]()
      return f(...differ.map((d, i) => (d ? (given.next().value as AnyTensor) : (fixed[i] as AnyTensor))))
    },
  }
}

/** Whether mapping a function over examples gives what a loop gives, whichever of its arguments differ between them. */
export const mapsAsLoop = (f: Function, draws: readonly Draw[], size: number): boolean =>
  choices(draws.length).every((differ) => {
    const { g, draw } = ofThose(f, draws, differ)
    const xs = draw([size])
    const y = vmap(g)(xs)
    if (size > 0) return same(y, loop(g)(xs))
    return sameShape((y as AnyTensor).shape, [0, ...g(draw([])).shape])
  })

/**
 * Mapped over examples, a function gives what a loop gives, whichever of its arguments differ between examples, for any number of
 * them; and so it is with its derivatives, of the mapped function and of one example, of both orders, and with examples of examples.
 */
export const lawsOfVmap = (t: Test, name: string, f: Function, draws: readonly Draw[]): void => {
  for (const size of [0, 1, 3]) t.ok(mapsAsLoop(f, draws, size), `${name}: ${size} examples`)
  const drawn = (seed: number): readonly AnyTensor[] => draws.map((draw, i) => draw([], seed + i))
  lawOfFunction(t, name, f as never, drawn(500), drawn(600))
  const value = f(...drawn(500))
  if (value.dtype !== 'int32') {
    const derivative = (d: AnyTensor, ...xs: readonly AnyTensor[]) =>
      vjp((ys: Tree) => f(...(ys as readonly AnyTensor[])))(xs)[1](d)
    const given = (seed: number) => [randomLike(value, seed), ...drawn(seed)]
    lawOfFunction(t, `${name}, derivative`, derivative as never, given(500), given(600))
  }
  for (const differ of choices(draws.length)) {
    const label = `${name}, ${draws.length === 1 ? '' : differ.map((d) => (d ? 'mapped' : 'same')).join(', ')}`
    const { g, draw } = ofThose(f, draws, differ)
    const mapped = (xs: Tree): AnyTensor => vmap(g)(xs as never) as unknown as AnyTensor
    const like = g(draw([]))
    const twice = draw([2, 3])
    t.ok(same(vmap(mapped)(twice as never), loop(loop(g))(twice)), `${label}: examples of examples`)

    if (like.dtype === 'int32') continue
    const xs = draw([3])
    const d = randomLike(mapped(xs), 300)
    t.ok(same(vjp(mapped)(xs)[1](d as AnyTensor), vjp(loop(g))(xs)[1](d as AnyTensor)), `${label}: derivative of all`)
    const back = (ds: Tree) => {
      const [e, ...as] = ds as readonly AnyTensor[]
      return vjp(g)(as)[1](e as AnyTensor)
    }
    const leafOf = (i: number) => (ds: Tree) => tree.leaves(back(ds))[i] as AnyTensor
    const both = [d as AnyTensor, ...xs]
    xs.forEach((_, i) => {
      const one = leafOf(i)
      t.ok(same(vmap(one)(both as never), loop(one)(both)), `${label}: derivative of each, ${i}`)
      const push = (h: (a: Tree) => AnyTensor) => jvp(h)(both, randomLike(both, 400))[1]
      t.ok(same(push(vmap(one) as never), push(loop(one))), `${label}: second derivative, ${i}`)
    })
  }
}
