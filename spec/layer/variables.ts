import {
  apply,
  batchNorm,
  compose,
  count,
  eqTensor,
  identity,
  init,
  key,
  linear,
  named,
  predict,
  relu,
  ShapeError,
  StructureError,
  summary,
  type Tensor,
  tanh,
  toArray,
  zeros,
} from 'pullback'
import t from 'tap'
import { checkVariables, trustParams } from '../../lib/layer/checkVariables.ts'

const net = compose(named('L1', linear(4, 3)), relu, named('L2', linear(3, 2)))
const variables = init(net, key(0))
const { params } = variables

t.test('init', async (t) => {
  t.same([params.L1.W.shape, params.L1.b.shape, params.L2.W.shape], [[3, 4], [3], [2, 3]])
  t.equal(params.L1.W.dtype, 'float32')
  t.equal(init(net, key(0), { dtype: 'float64' }).params.L1.W.dtype, 'float64')
  t.ok(eqTensor.equals(init(net, key(0)).params.L1.W, params.L1.W), 'the same key, the same weights')
  t.notOk(eqTensor.equals(init(net, key(1)).params.L1.W, params.L1.W))
  t.notSame(
    toArray(params.L1.b),
    toArray(init(named('L2', linear(4, 3)), key(0)).params.L2.b),
    'the name is part of the key',
  )
  const alike = init(compose(named('costarring', linear(4, 4)), named('liquid', linear(4, 4))), key(0)).params
  t.notOk(eqTensor.equals(alike.costarring.W, alike.liquid.W), 'and all of the name, not 32 bits of it')
  const more = compose(named('L0', linear(4, 4)), tanh, named('L1', linear(4, 3)), named('L2', linear(3, 2)))
  t.ok(eqTensor.equals(init(more, key(0)).params.L2.W, params.L2.W), 'another layer changes no other weights')
  const bound = 1 / Math.sqrt(4)
  t.ok(toArray(params.L1.W).every((w) => Math.abs(w) <= bound))
  t.same(init(identity, key(0)), { params: {}, state: {} })
  t.same(init(linear(0, 2), key(0)).params.W.shape, [2, 0])
  const other = (made: Tensor) => named('L1', batchNorm(2, { scale: () => made as never }))
  t.throws(() => init(other(zeros([3])), key(0)), {
    message: /^init at L1.scale: expected an initializer that gives \[2\], got \[3\]/,
  })
  t.throws(() => init(other(zeros([2], 'float64')), key(0)), { message: /^init at L1.scale: .* float32, got float64/ })
  t.throws(() => init(other(undefined as never), key(0)), ShapeError)
})

t.test('count', async (t) => {
  t.equal(count(net), 4 * 3 + 3 + 3 * 2 + 2)
  t.equal(count(relu), 0)
})

t.test('apply and predict check what they are given', async (t) => {
  const inContext = (context: object) => apply(net, variables, context as never, zeros([5, 4]))
  t.throws(() => inContext({}), { message: /^apply: expected a context .*, got the mode undefined/ })
  t.throws(() => inContext({ mode: 'train' }), { message: /^apply: expected a context .*, got training without a key/ })
  const x = zeros([5, 4])
  t.same(predict(net, variables, x).shape, [5, 2])
  t.same(predict(net, variables, zeros([0, 4])).shape, [0, 2])
  const run = (p: object) => () => predict(net, { params: p as typeof params, state: {} }, x)
  t.throws(run({ L1: params.L1 }), { message: 'parameters: expected the names L1, L2, got none with the name L2' })
  t.throws(run({ ...params, L3: params.L1 }), /got one too many: L3/)
  t.throws(
    run({ ...params, L2: { W: params.L2.W } }),
    /parameters at L2: expected the names W, b, got none with the name b/,
  )
  t.throws(
    run({ ...params, L2: { W: params.L1.W, b: params.L2.b } }),
    /parameters at L2.W: expected \[2, 3\], got \[3, 4\]/,
  )
  t.throws(run({ ...params, L2: { W: 3, b: params.L2.b } }), /parameters at L2.W: expected a tensor \[2, 3\], got 3/)
  const wrong = { ...params, L2: params.L1 }
  for (const time of ['once', 'and again']) t.throws(run(wrong), /parameters at L2.W: expected \[2, 3\]/, time)
  t.throws(() => predict(net, { params } as never, x), /state: expected a record, got undefined/)
  const doubled = { ...params }
  predict(net, { params: doubled, state: {} }, x)
  t.throws(
    () => predict(net, { params: doubled, state: doubled as never }, x),
    /state: expected no names/,
    'parameters are no state',
  )
  t.throws(run({ ...params, L2: params.L2.W }), StructureError)
  t.throws(run(null as unknown as object), StructureError)
  t.throws(
    () => predict(net, { params, state: { extra: x } as never }, x),
    /state: expected no names, got one too many: extra/,
  )
  t.throws(() => apply(net, variables, { mode: 'eval' }, zeros([5, 3]) as never), ShapeError)
  t.throws(
    () => apply(net, variables, { mode: 'eval' }, x).pullback(zeros([4, 2])),
    /apply: expected a cotangent \[5, 2\], as the value, got \[4, 2\]/,
  )
  t.throws(
    () => linear(4, 3).apply({ W: params.L1.W } as never, {}, { mode: 'eval' }, x),
    /linear: expected a parameter with the name 'b', got none/,
  )
  t.throws(
    () => net.apply({ L1: params.L1 } as never, {}, { mode: 'eval' }, x),
    /named at L2: expected parameters with the name 'L2', got only L1/,
  )
})

t.test('records are looked at once', async (t) => {
  const layer = linear(1, 1)
  let looks = 0
  const { W, b } = init(layer, key(0)).params
  const watched = {
    get W() {
      looks++
      return W
    },
    b,
  }
  checkVariables(layer, { params: watched, state: {} })
  checkVariables(layer, { params: watched, state: {} })
  t.equal(looks, 1)
  const made = { W: 'not looked at' }
  trustParams(layer, made)
  t.doesNotThrow(() => checkVariables(layer, { params: made, state: {} }))
})

t.test('summary', async (t) => {
  t.equal(
    summary(compose(named('enc', compose(named('L1', linear(784, 128)), relu)), named('L2', linear(128, 10)))),
    [
      'name    layer   output  parameters',
      '──────  ──────  ──────  ──────────',
      'enc.L1  linear  [128]      100,480',
      'enc     relu    [128]            0',
      'L2      linear  [10]         1,290',
      'total                      101,770',
    ].join('\n'),
  )
  t.match(summary(relu), /relu {3}\? /, 'no shape where none is known')
  t.match(summary(compose(relu, tanh), [3]), /tanh {3}\[3\]/)
  const n: number = 9
  t.throws(
    () => summary(compose(named('a', linear(4, 8)), relu, named('b', linear(n, 2)))),
    /linear at b: expected \[batch, 9\], got \[0, 8\]/,
  )
})

t.test('what the types say', async (t) => {
  const W: Tensor<readonly [3, 4]> = params.L1.W
  t.ok(W)
})
