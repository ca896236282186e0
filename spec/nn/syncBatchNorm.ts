// Batch normalization over all ranks: what one rank gives with the whole minibatch.
import {
  apply,
  approxEqual,
  batchNorm,
  compose,
  freeze,
  gradCheck,
  init,
  inParts,
  key,
  linear,
  named,
  oneProcess,
  op,
  random,
  sgd,
  softmaxCrossEntropy,
  syncBatchNorm,
  type Tensor,
  toArray,
  trainStep,
  zeros,
} from 'pullback'
import t from 'tap'
import { alike } from '../support/alike.ts'

const train = { mode: 'train', key: key(1) } as const
const shapes = [
  [4, 3],
  [2, 5, 2, 3],
  [1, 2, 3],
] as const

t.test('ranks that all have the same rows give what one gives with all of them', async (t) => {
  for (const shape of shapes)
    for (const options of [{}, { momentum: 0.3, epsilon: 0.1 }, { affine: false }]) {
      const x = random.normal(key(2), shape, 'float64')
      const [sync, whole] = [syncBatchNorm(alike(3), 3, options), batchNorm(3, options)]
      const variables = init(sync, key(0), { dtype: 'float64' })
      const all = op.concat([x, x, x]) as Tensor
      const [one, three] = [apply(sync, variables, train, x), apply(whole, variables, train, all)]
      const first = (y: Tensor) => op.slice(y, [[0, shape[0]]]) as Tensor
      const within = { absolute: 1e-12 }
      t.ok(approxEqual(one.value as Tensor, first(three.value as Tensor), within), `${shape}`)
      t.ok(approxEqual(one.state.mean, three.state.mean, within))
      t.ok(approxEqual(one.state.variance, three.state.variance, within))
      const d = random.normal(key(3), shape, 'float64') as Tensor
      const [back, backs] = [one.pullback(d as never), three.pullback(op.concat([d, d, d]) as never)]
      t.ok(approxEqual(back.input() as Tensor, first(backs.input() as Tensor), within), 'the cotangent of the input')
    }
})

t.test('its gradients are right, of both orders', async (t) => {
  for (const shape of shapes) {
    const layer = syncBatchNorm(alike(2), 3)
    const { params, state } = init(layer, key(0), { dtype: 'float64' })
    const report = gradCheck(
      layer,
      { params, state, input: random.normal(key(4), shape, 'float64') as never },
      {
        context: train,
        order: 2,
      },
    )
    t.ok(report.pass, `${shape}`)
  }
})

t.test('in evaluation, and with one rank, it is batchNorm', async (t) => {
  const [sync, one, whole] = [syncBatchNorm(alike(2), 3), syncBatchNorm(oneProcess, 3), batchNorm(3)]
  const [variables, x] = [init(whole, key(0)), random.normal(key(2), [4, 3])]
  const value = (layer: typeof whole, mode: typeof train | { readonly mode: 'eval' }) =>
    toArray(apply(layer, variables, mode, x).value as Tensor)
  t.same(value(sync, { mode: 'eval' }), value(whole, { mode: 'eval' }))
  t.same(value(one, train), value(whole, train))
})

t.test('no rows, and steps that run one block after the other', async (t) => {
  const layer = syncBatchNorm(alike(2), 3)
  const none = apply(syncBatchNorm(alike(2), 3), init(layer, key(0)), train, zeros([0, 3]))
  t.same((none.value as Tensor).shape, [0, 3])
  t.throws(() => syncBatchNorm({} as never, 3), /expected a communicator, got .*; oneProcess is one/)
  t.throws(() => inParts(2, layer), /a layer that each rank runs by itself, got one that exchanges numbers/)
  const net = compose(named('n', layer), named('l', linear(3, 2)))
  for (const made of [net, freeze(net, 'n')])
    t.throws(
      () => trainStep(made as never, softmaxCrossEntropy as never, sgd(0.1), { comm: alike(2), exact: true }),
      /one block of examples after the other, got one that needs those of all ranks at once: syncBatchNorm/,
    )
})
