import {
  avgPool2d,
  compose,
  conv2d,
  fromArray,
  globalAvgPool2d,
  init,
  input,
  key,
  linear,
  named,
  predict,
  ShapeError,
  summary,
  toArray,
  ValueError,
  zeros,
} from 'pullback'
import t from 'tap'

const none = { params: {}, state: {} }

t.test('means of windows', async (t) => {
  const x = fromArray([1, 2, 3, 4, 5, 6], [1, 2, 3, 1])
  t.same(toArray(predict(avgPool2d([2, 3]), none, x)), [3.5])
  t.same(toArray(predict(avgPool2d(2, { stride: 1 }), none, x)), [3, 4])
  t.same(toArray(predict(avgPool2d(2, { padding: 'same', countPadding: false }), none, x)), [3, 4.5])
})

t.test('a network for images of any size', async (t) => {
  const net = compose(named('C', conv2d(3, 4, { kernel: 3 })), avgPool2d(2), globalAvgPool2d, named('L', linear(4, 2)))
  const variables = init(net, key(0))
  for (const size of [4, 9]) t.same(predict(net, variables, zeros([2, size, size, 3])).shape, [2, 2])
  const rows = summary(compose(input([9, 9, 3]), net)).split('\n')
  t.match(rows[4], /avgPool2d +\[3, 3, 4\]/)
  t.match(rows[5], /globalAvgPool2d +\[4\]/)
})

t.test('errors', async (t) => {
  t.throws(() => avgPool2d([2, 1.5]), /avgPool2d: expected a kernel of whole numbers from 1, got \[2, 1.5\]/)
  t.throws(() => avgPool2d(2, { stride: 0 }), ShapeError)
  t.throws(() => predict(avgPool2d(3), none, zeros([2, 2, 4, 1])), /no smaller than the kernel \[3, 3\]/)
  t.throws(() => predict(avgPool2d(2), none, zeros([2, 4, 4]) as never), ShapeError)
  t.throws(
    () => predict(globalAvgPool2d, none, zeros([2, 4]) as never),
    /expected \[batch, any, any, any\], got \[2, 4\]/,
  )
  t.throws(() => predict(globalAvgPool2d, none, zeros([2, 0, 4, 3])), ValueError)
})
