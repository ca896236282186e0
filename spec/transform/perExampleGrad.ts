import {
  alphaDropout,
  batchNorm,
  checkpointed,
  compose,
  define,
  dropout,
  eqTensor,
  eye,
  freeze,
  fromNested,
  grad,
  init,
  jacobian,
  key,
  linear,
  named,
  ones,
  op,
  perExampleGrad,
  random,
  relu,
  type Scalar,
  type Shape,
  ShapeError,
  softmaxCrossEntropy,
  spatialDropout,
  type Tensor,
  toNested,
  tree,
  vmap,
} from 'pullback'
import t from 'tap'
import { closeTrees } from '../law/diff.ts'

const net = compose(named('L1', linear(3, 4)), relu, named('L2', linear(4, 2)))
const { params } = init(net, key(0), { dtype: 'float64' })
type Minibatch = { readonly x: Tensor<readonly [number, 3]>; readonly y: Tensor<readonly [number], 'int32'> }
const f = (p: typeof params, { x, y }: Minibatch): Scalar =>
  softmaxCrossEntropy(y)(net.apply(p, {}, { mode: 'eval' }, x).value)[0]
const x = random.normal(key(1), [4, 3], 'float64') as Tensor<readonly [4, 3], 'float64'>
const y = fromNested([0, 1, 1, 0], 'int32')

t.test('the gradients of the examples', async (t) => {
  const each = perExampleGrad(f)(params, { x, y })
  t.same(each.L1.W.shape, [4, 4, 3])
  for (let i = 0; i < 4; i++) {
    const alone = { x: op.slice(x, [[i, i + 1]]) as Minibatch['x'], y: op.slice(y, [[i, i + 1]]) }
    t.ok(
      closeTrees(
        tree.map(each, (g) => op.slice(g, [i]) as Tensor),
        grad((p: typeof params) => f(p, alone))(params) as never,
      ),
      `example ${i}`,
    )
  }
  t.ok(
    closeTrees(
      tree.map(each, (g) => op.mean(g as Tensor<Shape>, 0) as Tensor),
      grad((p: typeof params) => f(p, { x, y }))(params) as never,
    ),
    'their mean is the gradient of the minibatch',
  )
})

t.test('empty minibatches, and minibatches that do not fit', async (t) => {
  const none = { x: op.slice(x, [[0, 0]]) as Minibatch['x'], y: op.slice(y, [[0, 0]]) }
  t.same(perExampleGrad(f)(params, none).L2.b.shape, [0, 2])
  t.throws(() => perExampleGrad(f)(params, { x, y: fromNested([0, 1], 'int32') }), ShapeError)
  t.throws(
    () => perExampleGrad((_: typeof params, b: Minibatch) => b.x as never)(params, { x, y }),
    /grad: expected a function to a scalar/,
  )
})

t.test('each example drops the same entries as in the minibatch', async (t) => {
  const drops = {
    dropout: dropout({ drop: 0.5 }),
    spatialDropout: spatialDropout({ drop: 0.5 }),
    alphaDropout: alphaDropout({ drop: 0.5 }),
    checkpointed: checkpointed(dropout({ drop: 0.5 })),
    defined: define([4], { drop: dropout({ drop: 0.5 }) }, (h, { drop }) => drop(drop(h))),
  }
  for (const [name, drop] of Object.entries(drops)) {
    const noisy = compose(named('L1', linear(3, 4)), drop as typeof drops.dropout, named('L2', linear(4, 2)))
    const { params } = init(noisy, key(0), { dtype: 'float64' })
    type Params = typeof params
    const loss = (p: Params, { x, y }: Minibatch): Scalar =>
      softmaxCrossEntropy(y)(noisy.apply(p, {}, { mode: 'train', key: key(7) }, x).value)[0]
    const each = perExampleGrad(loss)(params, { x, y })
    const mean = tree.map(each, (g) => op.mean(g as Tensor<Shape>, 0) as Tensor)
    t.ok(closeTrees(mean, grad((p: Params) => loss(p, { x, y }))(params) as never), name)
  }
})

t.test('each example of a mapped call drops its own entries, on every level', async (t) => {
  const drop = dropout({ drop: 0.5 })
  const train = { mode: 'train', key: key(3) } as const
  const dropped = (v: Tensor): Tensor => drop.apply({}, {}, train, v).value
  const all = ones([3, 4, 5], 'float64')
  const whole = toNested(dropped(all) as never)
  t.same(toNested(vmap(dropped)(all as never) as never), whole)
  t.same(toNested(vmap(vmap(dropped) as never)(all as never) as never), whole)
  const slopes = (v: Tensor): Tensor => grad((u: Tensor) => op.sum(dropped(u)))(v)
  t.same(toNested(vmap(slopes)(all as never) as never), whole)
  t.same(toNested(grad((v: Tensor) => op.sum(vmap(dropped)(v as never) as Tensor))(all)), whole)
  const flat = ones([6], 'float64')
  const diagonal = op.mul(eye(6, 'float64'), op.broadcast(dropped(flat), [6, 6]))
  t.ok(eqTensor.equals(jacobian(dropped)(flat) as never, diagonal), 'a Jacobian has one mask')
})

t.test('batch normalization: an error in training, but not in evaluation or frozen', async (t) => {
  const net = compose(named('L', linear(3, 2)), named('bn', batchNorm(2)))
  const { params, state } = init(net, key(0), { dtype: 'float64' })
  const loss = (p: typeof params, { x, y }: Minibatch): Scalar =>
    softmaxCrossEntropy(y)(net.apply(p, state, { mode: 'train', key: key(7) }, x).value)[0]
  t.throws(() => perExampleGrad(loss)(params, { x, y }), /batchNorm at bn: expected at least two values .* layerNorm/)
  const frozen = freeze(net, 'bn')
  const other = freeze({ params, state }, 'bn')
  const quiet = (p: typeof other.params, { x, y }: Minibatch): Scalar =>
    softmaxCrossEntropy(y)(frozen.apply(p, other.state, { mode: 'train', key: key(7) }, x).value)[0]
  const mean = tree.map(perExampleGrad(quiet)(other.params, { x, y }), (g) => op.mean(g as Tensor<Shape>, 0) as Tensor)
  t.ok(closeTrees(mean, grad((p: typeof other.params) => quiet(p, { x, y }))(other.params) as never))
})
