import {
  type AnyLayer,
  compose,
  init,
  key,
  linear,
  named,
  relu,
  ShapeError,
  StructureError,
  type Tensor,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import { compose as chainOf } from '../arbitrary/loose.ts'
import { caseOf, training } from '../law/layer.ts'

t.test('a cotangent that nobody asks for is not computed', async (t) => {
  let asked = 0
  const counted: AnyLayer = {
    ...relu,
    apply: (p, s, c, x) => {
      const step = relu.apply(p, s, c, x as Tensor)
      return {
        ...step,
        pullback: (dy) => ({
          params: () => ({}),
          input: () => {
            asked++
            return dy
          },
        }),
      }
    },
  }
  const net = chainOf(counted, named('L', linear(3, 2)) as AnyLayer)
  const { params, x } = caseOf(net, 2, [3])
  const c = net.apply(params, {}, training, x).pullback(zeros([2, 2], 'float64'))
  c.params()
  t.equal(asked, 0, "training never asks for the first layer's input cotangent")
})

t.test('errors at run time', async (t) => {
  t.throws(
    () => chainOf(linear(3, 2), linear(2, 1)),
    /compose: expected each name once, got 'W' twice; wrap one of the two layers in named\(…\)/,
  )
  t.throws(() => chainOf(named('L', linear(3, 2)) as AnyLayer, named('L', linear(2, 1)) as AnyLayer), StructureError)
  t.throws(() => named('' as never, relu), StructureError)
  t.throws(() => named('a.b' as never, relu), /a name without dots, got 'a.b'/)
  const net = compose(named('enc', compose(named('L1', linear(784, 8)), relu)), named('L2', linear(8, 2)))
  const { params } = init(net, key(0))
  const run = (x: unknown) => () => net.apply(params, {}, training, x as never)
  t.throws(run(zeros([32, 28, 28])), { message: 'linear at enc.L1: expected [batch, 784], got [32, 28, 28]' })
  t.throws(run(zeros([32, 10])), ShapeError)
  try {
    run(zeros([32, 10]))()
  } catch (e) {
    t.match(e, {
      _tag: 'ShapeError',
      name: 'ShapeError',
      op: 'linear',
      expected: '[batch, 784]',
      actual: '[32, 10]',
      path: ['enc', 'L1'],
    })
  }
  t.throws(
    run(zeros([2, 784], 'float64')),
    /affine at enc.L1: expected one number format, got float64 and float32; use cast/,
  )
  t.throws(run(zeros([2, 784], 'int32')), /float32 or float64, got int32/)
  const step = net.apply(params, {}, training, zeros([3, 784]) as never)
  t.throws(() => step.pullback(zeros([4, 2]) as never).params(), /maskAbove at enc: /, 'backward too')
  t.throws(
    () => vjp((x: Tensor) => net.apply(params, {}, training, x as never).value as Tensor)(zeros([2, 3])),
    /linear at enc.L1/,
  )
})
