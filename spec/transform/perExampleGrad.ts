import {
  compose,
  fromNested,
  grad,
  init,
  key,
  linear,
  named,
  op,
  perExampleGrad,
  random,
  relu,
  type Scalar,
  type Shape,
  ShapeError,
  softmaxCrossEntropy,
  type Tensor,
  tree,
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

t.test('of none, and of minibatches that do not fit', async (t) => {
  const none = { x: op.slice(x, [[0, 0]]) as Minibatch['x'], y: op.slice(y, [[0, 0]]) }
  t.same(perExampleGrad(f)(params, none).L2.b.shape, [0, 2])
  t.throws(() => perExampleGrad(f)(params, { x, y: fromNested([0, 1], 'int32') }), ShapeError)
  t.throws(
    () => perExampleGrad((_: typeof params, b: Minibatch) => b.x as never)(params, { x, y }),
    /grad: expected a function to a scalar/,
  )
})
