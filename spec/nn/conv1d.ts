import {
  compose,
  conv1d,
  count,
  flatten,
  init,
  input,
  key,
  linear,
  named,
  predict,
  relu,
  ShapeError,
  summary,
  toArray,
  zeros,
} from 'pullback'
import t from 'tap'

const body = compose(
  named('C1', conv1d(4, 8, { kernel: 3, padding: 'same', dilation: 2 })),
  relu,
  named('C2', conv1d(8, 6, { kernel: 5, stride: 2, groups: 2 })),
  flatten,
)
const net = compose(input([21, 4]), body, named('L', linear(54, 3)))

t.test('a network of sequences', async (t) => {
  t.equal(count(net), 8 * 3 * 4 + 8 + 6 * 5 * 4 + 6 + 54 * 3 + 3)
  const { params } = init(net, key(0))
  t.same(params.C2.W.shape, [6, 5, 4])
  const bound = 1 / Math.sqrt(5 * 4)
  t.ok(toArray(params.C2.W).every((w) => Math.abs(w) <= bound))
  t.ok(
    toArray(params.C2.W).some((w) => Math.abs(w) > 0.95 * bound),
    'drawn from ±1/√(5 · 8 / 2): what a kernel sees of its group',
  )
  t.same(predict(net, { params, state: {} }, zeros([2, 21, 4])).shape, [2, 3])
  t.match(summary(net), /C2 +conv1d +\[9, 6\] +126/)
})

t.test('sequences of any length', async (t) => {
  const layer = conv1d(4, 8, { kernel: 3, stride: 2 })
  t.same(layer.input, [-1, 4])
  const variables = init(layer, key(0))
  for (const [given, found] of [
    [3, 1],
    [10, 4],
    [11, 5],
  ] as const)
    t.same(predict(layer, variables, zeros([2, given, 4])).shape, [2, found, 8])
  t.throws(
    () => predict(layer, variables, zeros([2, 10, 3]) as never),
    /conv1d: expected \[batch, any, 4\], got \[2, 10, 3\]/,
  )
})

t.test('errors', async (t) => {
  const n: number = 2
  t.throws(
    () => init(compose(input([n, 1]), named('C', conv1d(1, 8, { kernel: 2, dilation: 2 }))), key(0)),
    /conv1d at C: expected sequences, .* than the kernel \[2\] dilated by \[2\], got \[0, 2, 1\]/,
  )
  t.throws(() => conv1d(1, 8, { kernel: 0 }), /conv1d: expected a kernel that is a whole number from 1, got 0/)
  t.throws(() => conv1d(3, 8, { kernel: 1, groups: n }), /conv1d: expected groups that divide 3 channels and 8 kernels/)
  t.throws(() => conv1d(1, -8, { kernel: 1 }), ShapeError)
  t.throws(() => conv1d(1, 8, { kernel: 1, padding: -1 }), ShapeError)
})
