import {
  type AnyLayer,
  adam,
  apply,
  batchNorm,
  compose,
  define,
  fanout,
  freeze,
  fromNested,
  getVectorSpace,
  init,
  join,
  key,
  leastSquares,
  linear,
  named,
  op,
  random,
  StructureError,
  start,
  type Tensor,
  tanh,
  thaw,
  tie,
  toArray,
  trainStep,
  tree,
} from 'pullback'
import t from 'tap'
import { closeTrees, sameTree } from '../law/diff.ts'
import { caseOf, cotangents, lawsOfLayer, training } from '../law/layer.ts'

const net = compose(
  named('enc', compose(named('L1', linear(4, 3)), tanh, named('L2', linear(3, 3)))),
  tanh,
  named('out', linear(3, 2)),
)
const forms = {
  whole: freeze(net, 'enc'),
  parts: freeze(net, 'enc.L1.W', 'out.b'),
  twice: freeze(freeze(net, 'enc.L1'), 'out', 'enc.L2.b'),
  branches: freeze(compose(fanout({ a: linear(4, 2), b: linear(4, 2) }), join.sum), 'a'),
  defined: freeze(
    define([4], { F: linear(4, 4), G: linear(4, 2) }, (x, { F, G }) => G(op.tanh(F(F(x))))),
    'F.W',
  ),
}

t.test('the laws of layers', async (t) => {
  for (const [name, layer] of Object.entries(forms)) lawsOfLayer(t, name, layer as AnyLayer)
  lawsOfLayer(t, 'tied', tie(compose(named('a', linear(3, 3)), tanh, named('b', linear(3, 3))), 'a', 'b') as AnyLayer)
  lawsOfLayer(t, 'frozen and tied', freeze(tie(net, 'enc.L1.b', 'enc.L2.b'), 'enc.L1.b') as AnyLayer)
})

t.test('what is frozen is state, and the rest is as it was', async (t) => {
  const { params, state, x } = caseOf(net as AnyLayer, 3)
  const whole = { params, state } as never as ReturnType<typeof init<readonly [4], readonly [2], never, never>>
  const own = cotangents(net as AnyLayer, params, state, x)
  const frozen = freeze(whole as never, 'enc.L1.W' as never, 'out.b' as never) as {
    readonly params: tree.Tree
    readonly state: tree.Tree
  }
  const found = cotangents(forms.parts as AnyLayer, frozen.params, frozen.state, x)
  t.ok(sameTree(found.input, own.input))
  t.ok(sameTree(found.params, tree.without(own.params as never, 'enc.L1.W' as never, 'out.b' as never)))
  t.same(Object.keys(tree.flatten(frozen.state)), ['frozen.enc.L1.W', 'frozen.out.b'])
  t.ok(sameTree(thaw(frozen as never) as never, whole as never))
  t.equal(thaw(forms.whole), net)
  t.equal(thaw(forms.twice as AnyLayer), net)
  t.equal(freeze(net), net)
  t.same(Object.keys(thaw(compose(freeze(linear(4, 3), 'W'), tanh, named('out', linear(3, 2)))).params), [
    'W',
    'b',
    'out',
  ])
  t.throws(() => thaw(net), StructureError)
  t.throws(
    () => freeze(init(net, key(0)), 'enc.L3' as never),
    /^freeze: expected one of the names L1, L2, got 'L3' of 'enc.L3'/,
  )
  t.throws(() => freeze(net, 'encoder' as never), /^freeze: expected one of the names enc, out, got 'encoder'/)
})

t.test('three tied names have the sum of three gradients, and four of four', async (t) => {
  const parts = [named('a', linear(3, 3)), tanh, named('b', linear(3, 3)), tanh, named('c', linear(3, 3))] as const
  const three = compose(...parts)
  const four = compose(...parts, tanh, named('d', linear(3, 3)))
  for (const [layer, names] of [
    [three, ['a', 'b', 'c']],
    [four, ['a', 'b', 'c', 'd']],
  ] as const) {
    const [first, ...others] = names
    const { params, x } = caseOf(layer as AnyLayer, 5)
    const shared = (params as Readonly<Record<string, tree.Tree>>).a as tree.Tree
    const all = Object.fromEntries(names.map((name) => [name, shared]))
    const own = cotangents(layer as AnyLayer, all, {}, x).params as Readonly<Record<string, tree.Tree>>
    const tied = tie(layer as never, first as never, ...(others as unknown as never[])) as AnyLayer
    const found = cotangents(tied, { a: shared }, {}, x).params as Readonly<Record<string, tree.Tree>>
    const V = getVectorSpace(shared)
    const total = names.map((name) => own[name] as tree.Tree).reduce((sum, g) => V.concat(sum, g))
    t.same(Object.keys(found), ['a'])
    t.ok(closeTrees(found.a as tree.Tree, total, 1e-14), names.join())
    t.notOk(closeTrees(found.a as tree.Tree, V.concat(own.a as tree.Tree, own.b as tree.Tree), 1e-3))
  }
})

t.test('another layer may have the name of what is frozen or tied', async (t) => {
  const two = compose(named('a', linear(4, 4)), tanh, named('b', linear(4, 4)))
  const after = named('b', linear(4, 2))
  lawsOfLayer(t, 'frozen', compose(freeze(two, 'b'), after) as AnyLayer)
  t.throws(() => freeze(compose(freeze(two, 'b'), after), 'b.W'), {
    message: /^freeze at b.W: expected each name once, got another that is frozen under this one; wrap one of the two/,
  })
  lawsOfLayer(t, 'tied', compose(tie(two, 'a', 'b'), after) as AnyLayer)
})

t.test('names and first weights', async (t) => {
  t.same(Object.keys(forms.whole.params), ['out'])
  t.same(Object.keys(tree.flatten(init(forms.twice, key(0)).params)), ['enc.L2.W'])
  t.same(Object.keys(tree.flatten(init(forms.twice, key(0)).state)), [
    'frozen.enc.L1.W',
    'frozen.enc.L1.b',
    'frozen.enc.L2.b',
    'frozen.out.W',
    'frozen.out.b',
  ])
  const fresh = init(net, key(0))
  t.ok(sameTree(init(forms.whole, key(0)) as never, freeze(fresh, 'enc') as never), 'frozen or not, the same weights')
  t.ok(sameTree(init(forms.parts, key(0)) as never, freeze(fresh, 'enc.L1.W', 'out.b') as never))
  const [inside, outside] = [compose(named('a', freeze(linear(4, 3), 'W'))), compose(named('a', linear(4, 3)))]
  t.ok(sameTree(init(inside, key(0)).state.a.frozen.W, init(outside, key(0)).params.a.W))
})

t.test('nothing is computed that nobody wants', async (t) => {
  let backward = 0
  const watched = (layer: AnyLayer): AnyLayer => ({
    ...layer,
    apply: (...args) => {
      const step = layer.apply(...args)
      const pullback: typeof step.pullback = (dy) => {
        backward++
        return step.pullback(dy)
      }
      return { ...step, pullback }
    },
  })
  const deep = compose(named('enc', watched(linear(4, 3))), tanh, named('out', linear(3, 2))) as AnyLayer
  const layer = (freeze as (layer: AnyLayer, ...names: readonly string[]) => AnyLayer)(deep, 'enc')
  const { params, state, x } = caseOf(layer, 3)
  const step = layer.apply(params, state, training, x)
  const both = step.pullback(random.normal(key(3), [3, 2], 'float64'))
  t.same(Object.keys(both.params()), ['out'])
  t.equal(backward, 0)
  t.same((both.input() as Tensor).shape, [3, 4])
  t.equal(backward, 1)
})

t.test("a layer's own state moves on, under the name 'frozen' too", async (t) => {
  const layer = freeze(compose(named('frozen', batchNorm(4)), named('out', linear(4, 2))), 'out.W')
  const { params, state } = init(layer, key(0))
  const step = apply(
    layer,
    { params, state },
    { mode: 'train', key: key(1) },
    fromNested([
      [1, 2, 3, 4],
      [3, 4, 5, 6],
    ]),
  )
  t.same(Object.keys(tree.flatten(step.state)), Object.keys(tree.flatten(state)))
  t.same(
    toArray(step.state.frozen.mean).map((x) => x.toFixed(1)),
    ['0.2', '0.3', '0.4', '0.5'],
  )
})

t.test('training leaves it alone', async (t) => {
  const layer = forms.whole
  const before = start(layer, adam(0.1), key(0))
  const batch = { input: random.normal(key(1), [5, 4]), target: random.normal(key(2), [5, 2]) }
  const step = trainStep(layer, leastSquares, adam(0.1))
  const [after] = step(step(before, batch)[0], batch)
  t.ok(sameTree(after.state, before.state))
  t.notOk(sameTree(after.params, before.params))
})

t.test('tied parameters', async (t) => {
  const { params } = init(tie(compose(named('a', linear(3, 3)), tanh, named('b', linear(3, 3))), 'a.W', 'b.W'), key(0))
  t.same(Object.keys(tree.flatten(params)), ['a.W', 'a.b', 'b.b'])
  t.throws(() => tie(net, 'enc.L1.b', 'out.b' as never), /expected \[3\], as at 'enc.L1.b', got \[2\] at 'out.b'/)
  t.throws(() => tie(net, 'enc.L1.b', 'enc.L1.b' as never), StructureError)
  t.throws(
    () => tie(net, 'enc.L1.b', 'enc.L3.b' as never),
    /^tie: expected one of the names L1, L2, got 'L3' of 'enc.L3.b'/,
  )
})
