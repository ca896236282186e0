import {
  type AnyLayer,
  type Context,
  getVectorSpace,
  gradCheck,
  init,
  key,
  op,
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
import { closeTrees, sameTree } from './diff.ts'

export const training: Context = { mode: 'train', key: key(7) }

/** Numbers for a layer, in float64, and a minibatch for it. */
export const caseOf = (layer: AnyLayer, batch: number, input: Shape = layer.input as Shape) => ({
  ...(init(layer, key(1), { dtype: 'float64' }) as { readonly params: Tree; readonly state: Tree }),
  x: random.normal(key(2), [batch, ...input], 'float64') as Tensor,
})

/** Both cotangents of a layer, for a cotangent of its value. */
export const cotangents = (
  layer: AnyLayer,
  params: Tree,
  state: Tree,
  x: Tensor,
  dy?: Tensor,
): { readonly params: Tree; readonly input: Tree } => {
  const step = layer.apply(params, state, training, x)
  const c = step.pullback(dy ?? random.normal(key(3), (step.value as Tensor).shape, 'float64'))
  return { params: c.params() as Tree, input: c.input() as Tree }
}

/**
 * The laws of a layer from one tensor to one: its derivatives are right, to second order; its own pullback is what is inferred
 * from its forward; the same arguments give the same; nothing is written to; and, where no statistics of the batch enter,
 * the gradient of a minibatch is the sum of those of its examples.
 */
export const lawsOfLayer = (t: Test, name: string, layer: AnyLayer, input?: Shape): void => {
  for (const batch of [0, 1, 3]) {
    const { params, state, x } = caseOf(layer, batch, input)
    const label = `${name}, batch of ${batch}`
    const report = gradCheck(layer, { params, state, input: x }, { context: training })
    t.ok(report.pass && report.notes.length === 0, `${label}: derivatives`, { report: show(report) })

    const before = tree.leaves({ params, x }).map((leaf) => toArray(leaf))
    const own = cotangents(layer, params, state, x)
    t.ok(sameTree(own, cotangents(layer, params, state, x)), `${label}: the same twice`)
    const [value, back] = vjp(
      (a: { readonly params: Tree; readonly input: Tensor }) =>
        layer.apply(a.params, state, training, a.input).value as Tensor,
    )({
      params,
      input: x,
    })
    const inferred = back(random.normal(key(3), value.shape, 'float64'))
    t.ok(closeTrees(own, inferred, 1e-12), `${label}: closed form = inferred`)
    t.same(
      tree.leaves({ params, x }).map((leaf) => toArray(leaf)),
      before,
      `${label}: nothing written to`,
    )

    const dy = random.normal(key(3), value.shape, 'float64') as Tensor
    const V = getVectorSpace(params)
    const rows = Array.from({ length: batch }, (_, i) =>
      cotangents(layer, params, state, op.slice(x, [[i, i + 1]]) as Tensor, op.slice(dy, [[i, i + 1]]) as Tensor),
    )
    const summed = rows.map((r) => r.params).reduce(V.concat, V.empty)
    t.ok(closeTrees(own.params, summed, 1e-12), `${label}: gradient of a minibatch = sum over its examples`)
    if (batch > 0)
      t.ok(
        closeTrees(own.input, op.concat(rows.map((r) => r.input as Tensor)), 1e-12),
        `${label}: input cotangents, example by example`,
      )
  }
}
