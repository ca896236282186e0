import {
  compose,
  count,
  dim,
  elementwise,
  eqTensor,
  fromNested,
  init,
  input,
  key,
  layer,
  linear,
  named,
  op,
  predict,
  random,
  relu,
  ShapeError,
  StructureError,
  type Tensor,
  toNested,
  zeros,
} from 'pullback'
import t from 'tap'
import { lawsOfLayer } from '../law/layer.ts'

const gain = layer({
  kind: 'gain',
  input: [3],
  params: { g: { shape: [3], draw: (k, shape, dtype) => random.normal(k, shape, dtype) } },
  forward: ({ g }, x) => op.mul(x, op.broadcast(g, x.shape)),
})

t.test('layers of one’s own', async (t) => {
  lawsOfLayer(t, 'gain', gain)
  lawsOfLayer(t, 'gain in a chain', compose(named('L', linear(2, 3)), gain, relu))
  t.equal(count(gain), 3)
  t.throws(() => predict(gain, init(gain, key(0)), zeros([2, 4]) as never), /gain: expected \[batch, 3\], got \[2, 4\]/)
  t.throws(() => predict(gain, init(gain, key(0)), zeros([2, 3, 1]) as never), /\[batch, 3\], got \[2, 3, 1\]/)
})

t.test('what lies on the way to parameters and input alike is gone through once', async (t) => {
  const twice = layer({
    kind: 'twice',
    input: [3],
    params: { g: { shape: [3], draw: (k, shape, dtype) => random.normal(k, shape, dtype) } },
    forward: ({ g }, x) => {
      const by = (y: typeof x) => op.mul(y, op.broadcast(g, x.shape))
      return op.tanh(by(op.tanh(by(x))))
    },
  })
  const { params, state } = init(twice, key(0), { dtype: 'float64' })
  const x = random.normal(key(1), [4, 3], 'float64')
  const back = () => twice.apply(params, state, { mode: 'eval' }, x).pullback(random.normal(key(2), [4, 3], 'float64'))
  const [a, b] = [back(), back()]
  const [dg, dx] = [a.params().g, a.input()]
  t.ok(eqTensor.equals(b.input(), dx) && eqTensor.equals(b.params().g, dg), 'in either order')
  lawsOfLayer(t, 'twice', twice)
})

t.test('elementwise of a function of operations', async (t) => {
  const gaussian = elementwise((x) => op.exp(op.neg(op.mul(x, x))))
  lawsOfLayer(t, 'gaussian', gaussian, [2, 3])
  const shrinking = elementwise((x) => op.slice(x, [[0, 1]]) as Tensor)
  t.throws(() => predict(shrinking, init(shrinking, key(0)), zeros([3, 2])), ShapeError)
})

t.test('sizes that may be any', async (t) => {
  const free: number = -1
  const rows = layer({ kind: 'rows', input: { a: [free, 2] }, params: {}, forward: (_, { a }) => op.tanh(a) })
  const variables = init(rows, key(0))
  for (const n of [0, 1, 3]) t.same(predict(rows, variables, { a: zeros([4, n, 2]) }).shape, [4, n, 2])
  t.throws(
    () => predict(rows, variables, { a: zeros([4, 1, 3]) } as never),
    /rows at a: expected \[batch, any, 2\], got \[4, 1, 3\]/,
  )
})

t.test('records as input', async (t) => {
  const mix = layer({
    kind: 'mix',
    input: { a: [2], b: [2] },
    params: {},
    forward: (_, { a, b }) => op.mul(a, b),
  })
  const at = { a: fromNested([[1, 2]]), b: fromNested([[3, 4]]) }
  t.same(toNested(predict(mix, init(mix, key(0)), at)), [[3, 8]])
  t.throws(
    () => predict(mix, init(mix, key(0)), { a: at.a } as never),
    /mix: expected an input with the names a, b, got the names a/,
  )
  t.throws(
    () => predict(mix, init(mix, key(0)), { a: at.a, b: zeros([1, 3]) } as never),
    /mix at b: expected \[batch, 2\], got \[1, 3\]/,
  )
})

t.test('sizes the compiler does not know are checked when weights are drawn', async (t) => {
  const n: number = 5
  const net = compose(named('L1', linear(2, n)), relu, named('L2', linear(n + 1, 1)))
  t.throws(() => init(net, key(0)), /linear at L2: expected \[batch, 6\], got \[0, 5\]/)
  t.doesNotThrow(() => init(compose(named('L1', linear(2, dim('h', 5))), relu), key(0)))
})

t.test('input says what a chain takes, at run time too', async (t) => {
  const net = compose(input([3]), relu)
  t.throws(() => predict(net, init(net, key(0)), zeros([1, 2]) as never), ShapeError)
  t.throws(
    () => net.apply({}, {}, { mode: 'eval' }, zeros([1, 2]) as never),
    /input: expected \[batch, 3\], got \[1, 2\]/,
  )
  t.throws(() => relu.apply({}, {}, { mode: 'eval' }, [[1]] as never), StructureError, 'an array is no tensor')
})
