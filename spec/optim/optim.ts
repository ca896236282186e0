import fc from 'fast-check'
import {
  accumulate,
  adam,
  applyUpdates,
  chain,
  ema,
  fromNested,
  momentum,
  op,
  partition,
  projected,
  type StateFn,
  StructureError,
  scale,
  scaleByAdam,
  sgd,
  type Tensor,
  type Transformation,
  toArray,
  tree,
  ValueError,
} from 'pullback'
import t from 'tap'
import { updated } from '../../lib/optim/transformation.ts'
import { tensorOf } from '../arbitrary/tensor.ts'
import { sameTree } from '../law/diff.ts'
import { same } from '../law/program.ts'
import { check } from '../support/property.ts'

type P = { readonly L1: { readonly W: Tensor; readonly b: Tensor } }
const params: fc.Arbitrary<P> = fc.record({ L1: fc.record({ W: tensorOf([2, 2]), b: tensorOf([2]) }) })
const vector = (...xs: number[]) => ({ b: fromNested(xs, 'float64') as Tensor })

/** Updates after some steps with the same gradients. */
const run = <F extends StateFn, Q extends { readonly b: Tensor }>(
  transformation: Transformation<F>,
  gradients: readonly Q[],
): readonly number[][] => {
  let state = transformation.init(gradients[0] as Q)
  return gradients.map((g) => {
    const [updates, next] = transformation.update(g, state, g)
    state = next
    return toArray(updates.b)
  })
}

t.test('golden values', async (t) => {
  t.same(run(sgd(0.1), [vector(1, -2)]), [[-0.1, 0.2]])
  t.same(run(sgd(1, { momentum: 0.5 }), [vector(1), vector(1), vector(1)]), [[-1], [-1.5], [-1.75]])
  t.same(run(momentum(0), [vector(3), vector(4)]), [[3], [4]])
  const g = [0.1, -0.4, 2]
  let [mu, nu] = [0, 0]
  const byHand = g.map((x, i) => {
    mu = 0.9 * mu + (1 - 0.9) * x
    nu = 0.999 * nu + (1 - 0.999) * x * x
    return [(-0.01 * (mu / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(nu / (1 - 0.999 ** (i + 1))) + 1e-8)]
  })
  run(
    adam(0.01),
    g.map((x) => vector(x)),
  ).forEach(([u], i) => {
    t.ok(Math.abs((u as number) - (byHand[i]?.[0] as number)) < 1e-15)
  })
  const [first] = run(adam(0.5), [vector(1e-3, -7)]) as [number[]]
  for (const [u, sign] of [
    [first[0], -1],
    [first[1], 1],
  ] as const)
    t.ok(Math.abs((u as number) - sign * 0.5) < 1e-5, 'the first step of Adam is the learning rate')
})

t.test('the state is a value of the structure of the parameters', async (t) => {
  const p = { W: fromNested([1, 2]), b: fromNested([3]) }
  const state = chain(scaleByAdam(), scale(2)).init(p)
  t.equal(state[0].count, 0)
  t.same(Object.keys(state[0].mu), ['W', 'b'])
  const before = toArray(state[0].mu.W)
  chain(scaleByAdam(), scale(2)).update(p, state, p)
  t.same(toArray(state[0].mu.W), before, 'and is not written to')
})

t.test('chain is folding by hand, and of none the identity', async () => {
  check(fc.tuple(params, params), ([g, p]) => {
    const [a, b] = [momentum(0.9), scale(-0.1)]
    const [u, [sa, sb]] = chain(a, b).update(g, chain(a, b).init(p), p)
    const [v, ta] = a.update(g, a.init(p), p)
    const [w, tb] = b.update(v, b.init(p), p)
    return (
      sameTree(u, w) &&
      sameTree(sa.velocity, ta.velocity) &&
      JSON.stringify(sb) === JSON.stringify(tb) &&
      sameTree(chain().update(g, [], p)[0], g)
    )
  })
})

t.test('applied in one pass or in two: the same parameters and states', async () => {
  for (const transformation of [scale(-0.5), sgd(0.1), sgd(0.1, { momentum: 0.9 }), adam(0.1), chain(), momentum(0.5)])
    check(fc.tuple(params, params, params), ([p, g, h]) => {
      const t = transformation as Transformation<StateFn>
      const [, state] = t.update(h, t.init(p), p)
      const [updates, next] = t.update(g, state, p)
      const [found, after] = updated(t, g, state, p)
      return sameTree(found, applyUpdates(p, updates)) && same(after, next)
    })
})

t.test('an update of one’s own is the one that is used', async (t) => {
  const p = vector(1, 2)
  const silent: Transformation<StateFn> = {
    ...(sgd(1) as Transformation<StateFn>),
    update: (g, s) => [tree.map(g, (x) => op.scale(x as Tensor, 0)) as never, s],
  }
  t.same(toArray(updated(silent, p, silent.init(p), p)[0].b), [1, 2])
})

t.test('a training step runs the apply that a transformation declares, within wrappers too', async (t) => {
  const p = vector(1, 2)
  const declared: Transformation<StateFn> = {
    init: () => ({}),
    update: (g, s) => [g, s],
    apply: (g, s) => [tree.map(g, (x) => op.scale(x as Tensor, 10)) as never, s],
  }
  const wrapped = [declared, chain(declared), ema(0.5, declared), accumulate(1, declared), partition(declared, {})]
  for (const each of [...wrapped, projected(declared, (params) => params)]) {
    const transformation = each as Transformation<StateFn>
    t.same(toArray(updated(transformation, p, transformation.init(p), p)[0].b), [10, 20])
    t.equal(typeof transformation.apply, 'function')
  }
  t.equal('apply' in { ...sgd(1) }, false, 'a copy, which may get another update, has none')
  const wrong = { init: () => ({}), update: (g: never, s: never) => [g, s], apply: true }
  t.throws(() => chain(wrong as never), /chain: expected apply as a function, or left out/)
})

t.test('applyUpdates', async () => {
  check(fc.tuple(params, params), ([p, u]) =>
    sameTree(
      applyUpdates(p, u),
      tree.zipWith(p, u, (x, y) => fromNestedSum(x as Tensor, y as Tensor)),
    ),
  )
})
const fromNestedSum = (x: Tensor, y: Tensor): Tensor => {
  const ys = toArray(y)
  const sum = toArray(x).map((v, i) => v + (ys[i] as number))
  return (
    x.shape.length === 2 ? fromNested([sum.slice(0, 2), sum.slice(2)], 'float64') : fromNested(sum, 'float64')
  ) as Tensor
}

t.test('bad input', async (t) => {
  t.throws(() => sgd(-1), /sgd: expected a learning rate that is not negative, got -1/)
  t.throws(() => adam(Number.NaN), ValueError)
  t.throws(() => adam('0.1' as never), /got '0.1'/)
  t.throws(() => momentum(Number.NaN), /momentum: expected decay from 0 to 1, got NaN/)
  t.throws(() => scale(Number.NaN), ValueError)
  t.throws(() => scaleByAdam({ eps: -1 }), ValueError)
  t.throws(() => scaleByAdam({ b1: 1 }), /expected b1 from 0 up to 1, got 1/)
  const other = momentum(0.9).init(vector(1))
  t.throws(
    () => momentum(0.9).update({ W: fromNested([1]) } as never, other as never, {} as never),
    StructureError,
    'a state of other parameters',
  )
  t.throws(() => applyUpdates(vector(1), { b: fromNested([1]) as Tensor }), /float64 and float32/)
  t.throws(
    () => momentum(0.9).update({ b: fromNested([1]) as Tensor }, other, vector(1)),
    /^momentum at b: expected one number format, got float32 and float64; use cast/,
  )
})
