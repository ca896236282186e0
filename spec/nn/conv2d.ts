import {
  compose,
  conv2d,
  count,
  flatten,
  init,
  input,
  key,
  linear,
  maxPool2d,
  named,
  predict,
  relu,
  ShapeError,
  summary,
  toArray,
  zeros,
} from 'pullback'
import t from 'tap'
import { engine, useEngine } from '../../lib/kernel/current.ts'
import type { ImageKernels } from '../../lib/kernel/kernels.ts'
import { images } from '../../lib/kernel/wasm/set/images.ts'

const body = compose(
  named('C1', conv2d(1, 16, { kernel: 3, padding: 1 })),
  relu,
  maxPool2d(2),
  named('C2', conv2d(16, 32, { kernel: 3, padding: 'same' })),
  relu,
  maxPool2d(2),
  flatten,
)
const net = compose(input([28, 28, 1]), body, named('L', linear(1568, 10)))

t.test('a network of images', async (t) => {
  t.equal(count(net), 16 * 9 + 16 + 32 * 16 * 9 + 32 + 1568 * 10 + 10)
  const { params } = init(net, key(0))
  t.same(params.C2.W.shape, [32, 3, 3, 16])
  t.ok(toArray(params.C2.W).every((w) => Math.abs(w) <= 1 / 12))
  t.ok(
    toArray(params.C2.W).some((w) => Math.abs(w) > 0.99 / 12),
    'drawn from ±1/√(16 · 3 · 3)',
  )
  t.same(predict(net, { params, state: {} }, zeros([2, 28, 28, 1])).shape, [2, 10])
  t.match(summary(net), /C2 {5}conv2d {5}\[14, 14, 32\] {7}4,640/)
  t.match(summary(net), /flatten {4}\[1568\]/)
})

t.test('groups', async (t) => {
  const layer = conv2d(12, 6, { kernel: [3, 2], groups: 3 })
  const { W } = init(layer, key(0)).params
  t.same(W.shape, [6, 3, 2, 4])
  const bound = 1 / Math.sqrt(3 * 2 * 4)
  t.ok(toArray(W).every((w) => Math.abs(w) <= bound))
  t.ok(
    toArray(W).some((w) => Math.abs(w) > 0.95 * bound),
    'drawn from ±1/√(3 · 2 · 12 / 3)',
  )
})

t.test('images of any size', async (t) => {
  const anySize = compose(body, named('L', linear(1568, 10)))
  t.same(anySize.input, [-1, -1, 1])
  const variables = init(anySize, key(0))
  t.same(predict(anySize, variables, zeros([2, 28, 28, 1])).shape, [2, 10])
  t.throws(
    () => predict(anySize, variables, zeros([2, 32, 32, 1])),
    /linear at L: expected \[batch, 1568\], got \[2, 2048\]/,
  )
  t.throws(
    () => predict(anySize, variables, zeros([2, 28, 28, 3]) as never),
    /compose: expected \[batch, any, any, 1\], got \[2, 28, 28, 3\]/,
  )
  t.match(summary(anySize), /C1 {5}conv2d {5}\? /, 'no sizes where none is known')
  t.match(summary(anySize, [28, 28, 1]), /C1 {5}conv2d {5}\[28, 28, 16\]/)
})

t.test('the cotangent of the first images is computed only if asked for', async (t) => {
  let asked = 0
  const before = engine()
  useEngine({
    ...before,
    with: (set) => {
      const kernels = before.with(set)
      const { convolveToImages } = before.with(images)
      const counting: ImageKernels['convolveToImages'] = (...args) => {
        asked++
        return convolveToImages(...args)
      }
      return { ...kernels, convolveToImages: counting }
    },
  })
  const layer = conv2d(1, 2, { kernel: 2 })
  const { params } = init(layer, key(0))
  const { value, pullback } = layer.apply(params, {}, { mode: 'eval' }, zeros([1, 3, 3, 1]))
  const cotangents = pullback(value)
  cotangents.params()
  t.equal(asked, 0)
  cotangents.input()
  t.equal(asked, 1)
  useEngine(before)
})

t.test('errors', async (t) => {
  const n: number = 2
  t.throws(
    () => init(compose(input([n, n, 1]), named('C', conv2d(1, 8, { kernel: 3 }))), key(0)),
    /conv2d at C: expected images, padding included, no smaller than the kernel \[3, 3\], got \[0, 2, 2, 1\]/,
  )
  t.throws(
    () => init(compose(input([n, n, 1]), conv2d(n, 8, { kernel: 1 })), key(0)),
    /conv2d: expected \[batch, any, any, 2\]/,
  )
  t.throws(() => conv2d(1, 8, { kernel: 0 }), /conv2d: expected a kernel of whole numbers from 1, got 0/)
  t.throws(() => conv2d(1, -8, { kernel: 1 }), ShapeError)
  t.throws(
    () => conv2d(4, 6, { kernel: 1, groups: 2 * n }),
    /conv2d: expected groups that divide 4 channels and 6 kernels, got 4/,
  )
  t.throws(() => conv2d(4, 6, { kernel: 1, groups: n - 2 }), ShapeError)
  t.throws(() => conv2d(1, 8, { kernel: 1, dilation: [1, 0] }), /a dilation of whole numbers from 1, got \[1, 0\]/)
  t.throws(() => conv2d(1, 8, { kernel: 1, stride: 0 }), ShapeError)
  t.throws(() => maxPool2d([2, 1.5]), ShapeError)
  t.throws(() => predict(maxPool2d(2), { params: {}, state: {} }, zeros([2, 4, 4]) as never), ShapeError)
  t.throws(() => flatten.apply({}, {}, { mode: 'eval' }, zeros([])), ShapeError)
})
