import fc from 'fast-check'
import {
  type AverageOptions,
  approxEqual,
  DTypeError,
  fromArray,
  grad,
  op,
  type Pair,
  random,
  type Shape,
  ShapeError,
  type Tensor,
  toArray,
  zeros,
} from 'pullback'
import t from 'tap'
import { insideCounts } from '../../../lib/op/window/pooling.ts'
import { windowing } from '../../../lib/op/window/window.ts'
import { layouts, tensorOf } from '../../arbitrary/tensor.ts'
import { slidings } from '../../arbitrary/window.ts'
import { lawsOfDiff } from '../../law/diff.ts'
import { check } from '../../support/property.ts'

type Images = Tensor<readonly [number, number, number, number]>
const normal = (seed: number, shape: Shape): Images =>
  random.normal(random.key(seed), shape, 'float64') as Tensor as Images

t.test('derivatives', async (t) => {
  const cases: readonly (readonly [string, Shape, Pair, AverageOptions?])[] = [
    ['side by side', [2, 4, 4, 2], 2],
    ['overlapping', [1, 3, 4, 2], 2, { stride: 1 }],
    ['each direction its own', [1, 4, 5, 1], [2, 3], { stride: [2, 1], padding: [1, 0] }],
    ['padding not counted', [1, 4, 3, 2], [2, 3], { stride: 1, padding: 1, countPadding: false }],
    ['same', [1, 5, 3, 2], 2, { padding: 'same' }],
    ['dilated', [1, 4, 5, 3], 2, { dilation: [2, 3], stride: 1 }],
    ['entries that no window sees', [1, 5, 5, 1], 1, { stride: 3 }],
    ['no images', [0, 4, 4, 2], 2],
    ['no channels', [1, 4, 4, 0], 2],
  ]
  for (const [name, x, size, options] of cases)
    lawsOfDiff(t, name, (x: Images) => op.avgPool2d(x, size, options), normal(1, x))
  lawsOfDiff(t, 'of squares', (x: Images) => op.avgPool2d(op.mul(x, x), 2), normal(1, [1, 4, 4, 2]))
})

t.test('by hand', async (t) => {
  const x = fromArray([1, 5, 3, 6, 0, 6, -3, -2, -1], [1, 3, 3, 1], 'float64')
  t.same(toArray(op.avgPool2d(x, 2, { stride: 1 })), [3, 3.5, 0.25, 0.75])
  t.same(toArray(op.avgPool2d(x, 2)), [3], 'rows and columns left over are left out')
  t.same(toArray(op.avgPool2d(x, 2, { padding: 1 })), [0.25, 2, 0.75, 0.75], 'padding counts as zeros')
  t.same(toArray(op.avgPool2d(x, 2, { padding: 1, countPadding: false })), [1, 4, 1.5, 0.75], 'or not at all')
  t.same(toArray(op.avgPool2d(x, 2, { padding: 'same' })), [3, 2.25, -1.25, -0.25])
  t.same(toArray(op.avgPool2d(x, 2, { padding: 'same', countPadding: false })), [3, 4.5, -2.5, -1])
  t.same(toArray(op.avgPool2d(x, 2, { dilation: 2 })), [0], 'the corners')
  const line = fromArray([1, 2, 3, 4, 5], [1, 1, 5, 1], 'float64')
  const over = { stride: 1, padding: [0, 2], dilation: [1, 2] } as const
  const bare = op.avgPool2d(line, [1, 3], { ...over, countPadding: false })
  t.same(toArray(bare), [2, 3, 3, 3, 4], 'dilated, over the edge by more than one')
  t.same(toArray(op.maxPool2d(line, [1, 2], over)), [1, 2, 3, 4, 5, 4, 5], 'each of these windows holds an entry')
  const total = (options: AverageOptions) => (x: Images) => op.sum(op.avgPool2d(x, [1, 2], options))
  t.same(toArray(grad(total({ stride: 1 }))(x)), [0.5, 1, 0.5, 0.5, 1, 0.5, 0.5, 1, 0.5])
  t.same(toArray(grad(total({ padding: [0, 1], countPadding: false }))(x)), [1, 0.5, 0.5, 1, 0.5, 0.5, 1, 0.5, 0.5])
  const infinite = fromArray([Number.POSITIVE_INFINITY, 1, 2, 3], [1, 1, 4, 1], 'float64')
  t.same(toArray(op.avgPool2d(infinite, [1, 2])), [Number.POSITIVE_INFINITY, 2.5], 'no other window sees it')
})

t.test('as PyTorch computes it', async (t) => {
  const numbers = Array.from({ length: 25 }, (_, i) => ((i * 3) % 7) - 3)
  const x = fromArray(numbers, [1, 5, 5, 1], 'float64')
  const options = { stride: [2, 3], padding: [1, 2] } as const
  t.same(toArray(op.avgPool2d(x, [2, 4], options)), [-0.375, 0.5, 0, -0.125, 0.125, 0.125])
  t.same(toArray(op.avgPool2d(x, [2, 4], { ...options, countPadding: false })), [-1.5, 1, 0, -0.125, 0.25, 0.125])
})

t.test('is a convolution with equal weights, a kernel for each channel', async () => {
  const cases = slidings
    .filter(({ image, kernel, ...options }) => {
      const [window, counts] = windowing('avgPool2d', kernel, options)(image)
      const covers = (i: 0 | 1) => !insideCounts(image[i + 1] as number, counts[i], window, i).includes(0)
      return covers(0) && covers(1)
    })
    .chain(({ image, kernel, ...options }) => fc.tuple(tensorOf(image), fc.constant(kernel), fc.constant(options)))
  check(
    cases,
    ([x, kernel, options]) => {
      const [channels, n] = [x.shape[3] as number, kernel[0] * kernel[1]]
      const b = zeros([1], 'float64')
      /** The images of one channel, with weights for its windows. */
      const weighted = (y: Tensor, c: number, weight: number): Tensor => {
        const W = op.shift(zeros([1, ...kernel, 1], 'float64'), weight)
        return op.conv2d(op.slice(y, [null, null, null, [c, c + 1]]) as Tensor as Images, W, b, options) as Tensor
      }
      const all = (f: (c: number) => Tensor): Tensor =>
        op.concat(
          Array.from({ length: channels }, (_, c) => f(c)),
          3,
        ) as Tensor
      const close = (a: Tensor, b: Tensor) => approxEqual(a, b, { relative: 1e-12, absolute: 1e-12 })
      const filled = op.shift(op.scale(x, 0), 1) as Tensor
      return layouts(x).every(([, layout]) => {
        const y = layout as Images
        const mean = op.avgPool2d(y, kernel, options) as Tensor
        const bare = op.avgPool2d(y, kernel, { ...options, countPadding: false }) as Tensor
        if (channels === 0) return mean.size === 0 && bare.size === 0
        return (
          close(
            mean,
            all((c) => weighted(y, c, 1 / n)),
          ) &&
          close(
            bare,
            all((c) => op.div(weighted(y, c, 1), weighted(filled, c, 1))),
          )
        )
      })
    },
    40,
  )
})

t.test('errors', async (t) => {
  const x = normal(1, [1, 4, 4, 2])
  t.throws(() => op.avgPool2d(normal(1, [4, 4, 2]), 2), /x \[batch, height, width, channels\], got \[4, 4, 2\]/)
  t.throws(
    () => op.avgPool2d(x, 5),
    /avgPool2d: expected images, .* no smaller than the kernel \[5, 5\], got \[1, 4, 4, 2\]/,
  )
  t.throws(() => op.avgPool2d(x, 2, { padding: 2 }), /an entry of the image in each window, got \[2, 2\] on /)
  t.throws(() => op.avgPool2d(x, 0), /a kernel of whole numbers from 1, got 0/)
  t.throws(() => op.avgPool2d(x, 2, { stride: 0 }), ShapeError)
  t.throws(() => op.avgPool2d(zeros([1, 2, 2, 1], 'int32') as never, 2), DTypeError)
})
