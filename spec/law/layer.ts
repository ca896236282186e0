import {
  type AnyLayer,
  type AnyTensor,
  type Context,
  getVectorSpace,
  gradCheck,
  init,
  type Key,
  key,
  op,
  type Port,
  random,
  type Shape,
  show,
  type Tensor,
  type Tree,
  toArray,
  tree,
  vjp,
} from 'pullback'
import type { Test } from 'tap'
import { intShape } from '../../lib/layer/port.ts'
import { isQuick } from '../support/property.ts'
import { closeTrees, sameTree } from './diff.ts'

export const training: Context = { mode: 'train', key: key(7) }

/** The minibatch may be a record of tensors. */
type Case = { readonly params: Tree; readonly state: Tree; readonly x: Tensor }

/** Normal numbers of the shapes that a minibatch has at a port; 0, 1 and 2 where it takes whole numbers. */
const draw = (port: Port, batch: number, seed: Key): Tree =>
  intShape(port) !== undefined
    ? (op.argmax(random.normal(seed, [batch, ...(intShape(port) as Shape), 3], 'float64')) as AnyTensor)
    : Array.isArray(port)
      ? (random.normal(seed, [batch, ...(port as Shape)], 'float64') as Tensor)
      : Object.fromEntries(
          Object.entries(port).map(([name, part]) => [name, draw(part, batch, random.foldIn(seed, name))]),
        )
/** Normal numbers of the shapes of a tree. */
export const drawLike = (x: Tree): Tree => {
  let seed = 3
  return tree.map(x, (t) => random.normal(key(seed++), t.shape, 'float64'))
}
const rows = (x: Tree, i: number): Tree => tree.map(x, (t) => op.slice(t, [[i, i + 1]]) as AnyTensor)
const joined = (xs: readonly Tree[]): Tree =>
  xs.reduce((a, b) => tree.zipWith(a, b, (t, u) => op.concat([t as Tensor, u as Tensor]) as AnyTensor))

/** Numbers for a layer, in float64, and a minibatch for it. */
export const caseOf = (layer: AnyLayer, batch: number, input: Port = layer.input as Port, seed = 2): Case => ({
  ...(init(layer, key(1), { dtype: 'float64' }) as { readonly params: Tree; readonly state: Tree }),
  x: draw(input, batch, key(seed)) as Tensor,
})

/** Both cotangents of a layer, for a cotangent of its value. */
export const cotangents = (
  layer: AnyLayer,
  params: Tree,
  state: Tree,
  x: Tree,
  dy?: Tree,
  context: Context = training,
): { readonly params: Tree; readonly input: Tree } => {
  const step = layer.apply(params, state, context, x as never)
  const c = step.pullback((dy ?? drawLike(step.value as Tree)) as never)
  return { params: c.params() as Tree, input: c.input() as Tree }
}

export interface LawOptions {
  /** Training unless given. */
  readonly context?: Context
  readonly batches?: readonly number[]
  /** Whether what an example gives depends on the others, or on its place among them. */
  readonly coupled?: boolean
  /** Whether a few derivatives in the largest batch are enough, for layers that are checked otherwise or whose parts are. */
  readonly few?: boolean
}

/**
 * The laws of a layer: its derivatives are right, to second order, entry by entry in the largest batch and along a
 * direction of each tensor in others; its own pullback is what is inferred from its forward; the same arguments give
 * the same; nothing is written to; and, where no statistics of the batch enter, the gradient of a minibatch is the sum
 * of those of its examples.
 */
export const lawsOfLayer = (
  t: Test,
  name: string,
  layer: AnyLayer,
  input?: Port,
  { context = training, batches = [0, 1, 3], coupled = false, few = false }: LawOptions = {},
): void => {
  const along = { entries: 1, directions: 1 } as const
  for (const batch of batches) {
    const { params, state, x } = caseOf(layer, batch, input)
    const label = `${name}, batch of ${batch}`
    const isLargest = batch === Math.max(...batches)
    if (isLargest || !few) {
      const checked = isQuick() ? { ...along, order: 1 as const } : few || !isLargest ? along : {}
      const report = gradCheck(layer, { params, state, input: x }, { context, ...checked })
      t.ok(report.pass && report.notes.length === 0, `${label}: derivatives`, { report: show(report) })
    }

    const numbers = () => tree.leaves({ params, state, x }).map((leaf) => toArray(leaf))
    const before = numbers()
    const own = cotangents(layer, params, state, x, undefined, context)
    t.ok(sameTree(own, cotangents(layer, params, state, x, undefined, context)), `${label}: the same twice`)
    const [value, back] = vjp(
      (a: { readonly params: Tree; readonly input: Tree }) =>
        layer.apply(a.params, state, context, a.input as never).value as Tree,
    )({ params, input: x as Tree })
    const dy = drawLike(value)
    t.ok(closeTrees(own, back(dy), 1e-12), `${label}: closed form = inferred`)
    t.same(numbers(), before, `${label}: nothing written to`)

    if (coupled) continue
    const V = getVectorSpace(params)
    const each = Array.from({ length: batch }, (_, i) =>
      cotangents(layer, params, state, rows(x, i), rows(dy, i), context),
    )
    const summed = each.map((r) => r.params).reduce(V.concat, V.empty)
    t.ok(closeTrees(own.params, summed, 1e-12), `${label}: gradient of a minibatch = sum over its examples`)
    if (batch > 0)
      t.ok(
        closeTrees(own.input, joined(each.map((r) => r.input)), 1e-12),
        `${label}: input cotangents, example by example`,
      )
  }
}
