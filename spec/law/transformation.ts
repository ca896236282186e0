import {
  applyUpdates,
  cast,
  chain,
  fromNested,
  getVectorSpace,
  gradCheck,
  isTensor,
  item,
  key,
  op,
  random,
  type StateFn,
  StructureError,
  show,
  type Tensor,
  type Transformation,
  type Tree,
  toArray,
  tree,
  zeros,
} from 'pullback'
import type { Test } from 'tap'
import { updated } from '../../lib/optim/transformation.ts'
import { closeTrees, sameTree } from './diff.ts'
import { lawsOfStep, same, stepOf } from './program.ts'

export type AnyTransformation = Transformation<StateFn>

const drawn = (seed: number): P => ({
  enc: { W: random.normal(key(seed), [2, 3], 'float64'), b: random.normal(key(seed + 1), [2], 'float64') },
  out: { V: random.normal(key(seed + 2), [1, 2], 'float64') },
})
type P = { readonly enc: { readonly W: Tensor; readonly b: Tensor }; readonly out: { readonly V: Tensor } }

/** Parameters, and the gradients of two steps. */
export const params = drawn(10)
const [first, second] = [drawn(20), drawn(30)]

/** What a state holds beside numbers: its tensors. Anything else is none of a state's business. */
const tensorsOf = (state: unknown): readonly Tensor[] => {
  if (isTensor(state)) return [state as Tensor]
  if (typeof state === 'number') return []
  if (typeof state === 'object' && state !== null) return Object.values(state).flatMap(tensorsOf)
  throw new Error(`a state holds ${typeof state}`)
}
const castState = (state: unknown): unknown => {
  if (isTensor(state)) return cast(state as Tensor, 'float32')
  if (typeof state !== 'object' || state === null) return state
  const entries = Object.entries(state).map(([name, s]) => [name, castState(s)] as const)
  return Array.isArray(state) ? entries.map(([, s]) => s) : Object.fromEntries(entries)
}
const numbersOf = (...values: readonly unknown[]): readonly number[][] => tensorsOf(values).map((x) => toArray(x))

export interface Traits {
  /** How updates scale with gradients: as their nth power. */
  readonly degree?: 0 | 1
  /** Zero gradients do not give zero updates. */
  readonly restless?: true
  /** Not differentiable, or a reader of numbers. */
  readonly rough?: true
  /** Keeps tensors whose shapes are not those of the parameters. */
  readonly reshaped?: true
}

/**
 * The laws of a gradient transformation: two pure functions; a state of numbers and of tensors shaped as the parameters; the same in either
 * precision, for nothing at all, and applied in one pass or in two; a chain adds nothing of its own; a state of another's is refused.
 */
export const lawsOfTransformation = (t: Test, name: string, f: AnyTransformation, traits: Traits): void => {
  const start = f.init(params)
  const [, state] = f.update(first, start, params)
  const before = numbersOf(params, first, second, state)
  const [updates, after] = f.update(second, state, params)
  const again = f.update(second, state, params)
  t.ok(sameTree(updates, again[0]) && same(after, again[1]), `${name}: the same arguments, the same results`)
  t.same(numbersOf(params, first, second, state), before, `${name}: nothing is written to`)

  const shapes = tree.leaves(params).map((p) => `${p.dtype} ${p.shape}`)
  t.same(
    tensorsOf(after)
      .map((x) => `${x.dtype} ${x.shape}`)
      .filter((shape) => !traits.reshaped && !shapes.includes(shape)),
    [],
    `${name}: a state of numbers, and of tensors shaped as the parameters`,
  )
  t.same(numbersOf(f.init(params)), numbersOf(start), `${name}: init gives the same twice`)
  t.same(Object.keys(after as object), Object.keys(start as object), `${name}: the state keeps its names`)

  const [single] = f.update(cast(second, 'float32') as P, castState(state), cast(params, 'float32') as P)
  t.ok(
    tree.leaves(single).every((x) => x.dtype === 'float32'),
    `${name}: float32 stays`,
  )
  t.ok(closeTrees(cast(single, 'float64') as P, updates, 1e-5), `${name}: float32 as float64`)

  const [applied, next] = updated(f, second, state, params)
  t.ok(closeTrees(applied, applyUpdates(params, updates), 1e-14), `${name}: in one pass or in two, parameters`)
  t.ok(same(next, after), `${name}: in one pass or in two, state`)

  const empty: P = { enc: { W: zeros([0, 3]), b: zeros([0]) }, out: { V: zeros([1, 0]) } }
  t.ok(sameTree(f.update(empty, f.init(empty), empty)[0], empty), `${name}: of nothing, nothing`)

  const zero = getVectorSpace(params).empty
  if (!traits.restless) t.ok(closeTrees(f.update(zero, start, params)[0], zero), `${name}: no gradient, no update`)
  if (traits.degree !== undefined) {
    const V = getVectorSpace(params)
    const doubled = f.update(V.scale(8, second), f.update(V.scale(8, first), start, params)[1], params)[0]
    t.ok(closeTrees(doubled, V.scale(8 ** traits.degree, updates), 1e-5), `${name}: of degree ${traits.degree}`)
  }

  for (const [where, chained] of [
    ['alone', chain(f)],
    ['before nothing', chain(f, chain())],
    ['behind nothing', chain(chain(), f)],
  ] as const) {
    const both = chained as AnyTransformation
    const [, inner] = both.update(first, both.init(params), params)
    t.ok(sameTree(both.update(second, inner, params)[0], updates), `${name}: chained ${where}`)
  }

  const gradients = Array.from({ length: 12 }, (_, n) => drawn(40 + n))
  const compiled = lawsOfStep(t, name, stepOf(f), { params, state: f.init(params) }, gradients, [5])
  t.equal(compiled.reason, undefined, `${name}: nothing stands in the way of a program`)

  if (!traits.rough) {
    const report = gradCheck((g: P) => f.update(g, state, params)[0], second)
    t.ok(report.pass && report.notes.length === 0, `${name}: derivatives, for learning to learn`, {
      report: show(report),
    })
  }

  t.throws(() => f.update(second, { other: 1 }, params), StructureError, `${name}: a state of another's`)
  t.throws(() => f.update(second, [1, 2, 3, 4, 5], params), StructureError, `${name}: a state of a chain's`)
  if (tensorsOf(state).length > 0)
    t.throws(() => f.update({ W: second.enc.W } as Tree, state, params), StructureError, `${name}: other gradients`)
}

const curvature = fromNested([1, 3, 0.5, 2], 'float64') as Tensor

/** How far some steps along the gradient of Σ c x² / 2 come down: the value after by the value before. */
export const descent = (f: AnyTransformation, steps: number): number => {
  const gradient = (x: Tensor): Tensor => op.mul(x, curvature)
  const value = (x: Tensor): number => item(op.sum(op.mul(x, gradient(x))))
  const begun = { x: random.normal(key(5), [4], 'float64') as Tensor }
  let [at, state] = [begun, f.init(begun)]
  for (let n = 0; n < steps; n++) [at, state] = updated(f, { x: gradient(at.x) }, state, at)
  return value(at.x) / value(begun.x)
}
