// Names that records inherit, or by which JavaScript means something else, are names as all others; those that make no path are none.
import * as pullback from 'pullback'
import {
  type AnyLayer,
  adam,
  apply,
  count,
  explain,
  gradCheck,
  init,
  initializer,
  join,
  key,
  leastSquares,
  linear,
  named,
  op,
  predict,
  random,
  StructureError,
  start,
  summary,
  type Tensor,
  tanh,
  trainStep,
  tree,
  zeros,
} from 'pullback'
import t from 'tap'
import { compose, define, each, fanout, freeze, thaw, tie } from '../arbitrary/loose.ts'
import { sameTree } from '../law/diff.ts'
import { caseOf, training } from '../law/layer.ts'

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'frozen', 'length', 'name', 'draw', '0', ' ']
const js = pullback as unknown as { readonly [name: string]: (...args: readonly unknown[]) => AnyLayer }
const x = random.normal(key(1), [5, 3])
const batch = { input: x, target: random.normal(key(2), [5, 2]) }
const under = (name: string, layer: AnyLayer = linear(3, 3)): AnyLayer => named(name, layer)

t.test('a layer of any name has its parameters, its first weights and its gradient', async (t) => {
  for (const name of names) {
    const forms: { readonly [form: string]: AnyLayer } = {
      chain: compose(under(name), tanh, under('b', linear(3, 2))),
      within: compose(under('a', under(name, under('constructor', linear(3, 3)))), under('b', linear(3, 2))),
      fanout: compose(
        fanout({ [name]: linear(3, 2), b: linear(3, 2) }),
        js.contramap?.(
          { [name]: [2], b: [2] },
          (r: { readonly [name: string]: Tensor }) => op.add(r[name] as Tensor, r.b as never),
          js.input?.([2]),
        ) as AnyLayer,
      ),
      each: compose(
        js.input?.([3]) as AnyLayer,
        fanout({ [name]: tanh, b: tanh }),
        each({ [name]: linear(3, 2), b: linear(3, 2) }),
        join.sum as AnyLayer,
      ),
      define: define([3], { [name]: linear(3, 2), b: linear(3, 2) }, (v, calls) => {
        const { [name]: a, b } = calls as unknown as { readonly [name: string]: (v: Tensor) => Tensor }
        return op.add(a?.(v) as never, b?.(v) as never) as Tensor
      }),
      own: js.layer?.({
        kind: 'own',
        input: [3],
        params: { [name]: { shape: [2, 3], draw: initializer.heNormal } },
        forward: (p: { readonly [name: string]: Tensor }, v: Tensor) =>
          op.matmul(v as never, op.transpose(p[name] as Tensor) as never),
      }) as AnyLayer,
    }
    const counts = { chain: 20, within: 20, fanout: 16, each: 16, define: 16, own: 6 } as const
    for (const [form, layer] of Object.entries(forms)) {
      const at = `${name}: ${form}`
      t.equal(count(layer), counts[form as keyof typeof counts], at)
      const variables = init(layer, key(0)) as { readonly params: tree.Tree; readonly state: tree.Tree }
      t.equal(
        tree.reduce(variables.params, 0, (n, p) => n + p.size),
        count(layer),
        `${at}: init`,
      )
      t.same((predict(layer, variables, x) as Tensor).shape, [5, 2], `${at}: predict`)
      t.ok(gradCheck(layer, { params: variables.params, input: x }, { order: 1 }).pass, `${at}: gradCheck`)
      const begun = start(layer, adam(0.1), key(0))
      const [after] = trainStep(layer, leastSquares as never, adam(0.1))(begun, batch as never)
      const moved = tree.zipWith(
        after.params as tree.Tree,
        begun.params as tree.Tree,
        (a, b) => op.sub(a as Tensor, b as Tensor) as Tensor,
      )
      t.ok(
        tree.leaves(moved).every((d) => pullback.toArray(d as Tensor).some((v) => v !== 0)),
        `${at}: all are trained`,
      )
      t.ok(explain(layer, variables as never, x as never).nodes.length > 1, `${at}: explain`)
      t.match(summary(layer), 'total', `${at}: summary`)
    }
  }
})

t.test('parameters of any name are frozen, thawed and tied', async (t) => {
  for (const name of names) {
    const net = compose(under(name), tanh, under('b', linear(3, 3)))
    const { params, state } = caseOf(net, 3)
    const layer = freeze(net, name)
    t.same(Object.keys(layer.params), ['b'], name)
    t.same(Object.keys((layer.state as { readonly frozen: object }).frozen), [name])
    t.equal(thaw(layer), net)
    const frozen = (freeze as unknown as (v: object, name: string) => { params: never; state: never })(
      { params, state },
      name,
    )
    const input = random.normal(key(4), [3, 3], 'float64')
    const [whole, part] = [
      net.apply(params, state, training, input),
      layer.apply(frozen.params, frozen.state, training, input),
    ]
    const dy = random.normal(key(5), [3, 3], 'float64')
    t.ok(sameTree(part.value as Tensor, whole.value as Tensor), `${name}: value`)
    t.ok(sameTree(part.pullback(dy).params() as tree.Tree, { b: (whole.pullback(dy).params() as { b: tree.Tree }).b }))
    t.equal(count(freeze(net, `${name}.W`)), 15)
    t.equal(count(tie(net, name, 'b')), 12)
    t.equal(count(tie(net, 'b', name)), 12)
    const shared = tie(net, 'b', name)
    t.ok(gradCheck(shared, { params: init(shared, key(0)).params, input }, { order: 1 }).pass)
  }
})

t.test('records of any names go through layers', async (t) => {
  for (const name of names) {
    const parts = js.split?.({ [name]: 1, z: 2 }) as AnyLayer
    const value = apply(parts, { params: {}, state: {} }, { mode: 'eval' }, x as never).value as {
      readonly [n: string]: Tensor
    }
    t.same(Object.keys(value).sort(), [name, 'z'].sort())
    t.same(value[name]?.shape, [5, 1])
    const both = js.input?.({ [name]: [1], z: [2] }) as AnyLayer
    t.equal(apply(both, { params: {}, state: {} }, { mode: 'eval' }, value as never).value, value)
    const other = { z: zeros([5, 2]) }
    t.throws(() => apply(both, { params: {}, state: {} }, { mode: 'eval' }, other as never), StructureError)
  }
})

t.test('names that make no path', async (t) => {
  for (const name of ['', '.', 'a.b', '.a', 'a.']) {
    const leaf = { shape: [3], draw: initializer.heNormal }
    const own = (params: object) => () =>
      js.layer?.({ kind: 'own', input: [3], params, forward: (_: unknown, v: Tensor) => v })
    const wrong = /expected a name (without dots|of at least one letter), got '/
    t.throws(() => named(name, tanh), wrong)
    t.throws(own({ [name]: leaf }), wrong)
    t.throws(own({ a: { [name]: leaf } }), /^own at a: expected a name/)
    t.throws(() => fanout({ [name]: tanh }), wrong)
    t.throws(() => each({ [name]: tanh }), wrong)
    t.throws(() => define([3], { [name]: tanh }, (v) => v), wrong)
    t.throws(() => js.split?.({ [name]: 3 }), wrong)
    t.throws(() => js.input?.({ [name]: [3] }), wrong)
    const byHand = { ...tanh, params: { [name]: leaf } } as never as AnyLayer
    t.throws(() => compose(byHand, tanh), wrong, 'of a layer made by hand')
  }
})
