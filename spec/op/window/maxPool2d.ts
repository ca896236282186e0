import fc from 'fast-check'
import {
  DTypeError,
  eqTensor,
  fromArray,
  grad,
  op,
  type Pair,
  random,
  type Shape,
  ShapeError,
  type Tensor,
  toArray,
  toNested,
  type WindowOptions,
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
  const cases: readonly (readonly [string, Shape, Pair, WindowOptions?])[] = [
    ['side by side', [2, 4, 4, 2], 2],
    ['overlapping', [1, 3, 4, 2], 2, { stride: 1 }],
    ['each direction its own', [1, 4, 5, 1], [2, 3], { stride: [2, 1], padding: [1, 0] }],
    ['same', [1, 5, 3, 2], 2, { padding: 'same' }],
    ['entries that no window sees', [1, 5, 5, 1], 1, { stride: 3 }],
    ['dilated', [1, 4, 5, 2], 2, { dilation: [2, 3], stride: 1 }],
    ['dilated, with padding', [2, 4, 3, 1], [2, 3], { dilation: [3, 1], stride: 1, padding: [1, 1] }],
    ['no images', [0, 4, 4, 1], 2],
    ['no channels', [1, 4, 4, 0], 2],
  ]
  for (const [name, x, size, options] of cases)
    lawsOfDiff(t, name, (x: Images) => op.maxPool2d(x, size, options), normal(1, x))
  lawsOfDiff(t, 'of squares', (x: Images) => op.maxPool2d(op.mul(x, x), 2), normal(1, [1, 4, 4, 1]))
})

t.test('by hand', async (t) => {
  const x = fromArray([1, 5, 2, 5, 0, 5, -3, -1, -2], [1, 3, 3, 1], 'float64')
  t.same(toNested(op.maxPool2d(x, 2, { stride: 1 })), [
    [
      [[5], [5]],
      [[5], [5]],
    ],
  ])
  const total = (options: WindowOptions) => (x: Images) => op.sum(op.maxPool2d(x, 2, options))
  t.same(toArray(grad(total({ stride: 1 }))(x)), [0, 2, 0, 1, 0, 1, 0, 0, 0], 'the first of equals')
  t.same(toArray(op.maxPool2d(x, 2)), [5], 'rows and columns left over are left out')
  t.same(toArray(op.maxPool2d(x, 2, { padding: 'same' })), [5, 5, -1, -2], 'or padded at the end')
  t.same(
    toArray(op.maxPool2d(fromArray([-1], [1, 1, 1, 1]), 2, { padding: 1, stride: 1 })),
    [-1, -1, -1, -1],
    'padding is −∞',
  )
  t.same(
    toArray(op.maxPool2d(fromArray([1, Number.NaN, 3, Number.NaN], [1, 1, 4, 1]), [1, 4])),
    [Number.NaN],
    'NaN if there is one',
  )
  t.same(toArray(op.maxPool2d(x, 2, { dilation: 2 })), [2], 'the corners')
  t.same(toArray(op.maxPool2d(x, 2, { dilation: 2, stride: 2, padding: 1 })), [0, 0, 0, 0], 'the middle')
  const numbers = Array.from({ length: 25 }, (_, i) => ((i * 3) % 7) - 3)
  t.same(
    toArray(op.maxPool2d(fromArray(numbers, [1, 5, 5, 1]), [2, 3], { stride: [2, 1], padding: 1, dilation: [3, 2] })),
    [2, -1, 2, 3, 3, 3],
    'as PyTorch computes it',
  )
  const none = fromArray([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], [1, 1, 2, 1], 'float64')
  t.same(toArray(grad((x: Images) => op.sum(op.maxPool2d(x, [1, 2])))(none)), [1, 0])
})

t.test('is op.max of each window', async () => {
  const cases = slidings
    .filter(({ image, kernel, ...options }) => {
      const [window, counts] = windowing('maxPool2d', kernel, options)(image)
      return ([0, 1] as const).every((i) => !insideCounts(image[i + 1] as number, counts[i], window, i).includes(0))
    })
    .chain(({ image, kernel, ...options }) => fc.tuple(tensorOf(image), fc.constant(kernel), fc.constant(options)))
  check(
    cases,
    ([x, kernel, options]) => {
      const [{ stride, dilation, padding }, [down, right]] = windowing('maxPool2d', kernel, options)(x.shape)
      const range = (i: number, a: 0 | 1) => {
        const places = Array.from({ length: kernel[a] }, (_, k) => i * stride[a] + k * dilation[a])
        const inside = places
          .map((place) => place - (padding[2 * a] as number))
          .filter((place) => place >= 0 && place < (x.shape[a + 1] as number))
        return [inside[0] as number, (inside.at(-1) as number) + 1, dilation[a]] as const
      }
      const rows = Array.from({ length: down }, (_, i) =>
        op.concat(
          Array.from({ length: right }, (_, j) =>
            op.max(op.slice(x, [null, range(i, 0), range(j, 1)]), [1, 2], { keep: true }),
          ),
          2,
        ),
      )
      const said = op.concat(rows, 1)
      return layouts(x).every(([, y]) => eqTensor.equals(op.maxPool2d(y as Images, kernel, options), said))
    },
    40,
  )
})

t.test('errors', async (t) => {
  const x = normal(1, [1, 4, 4, 2])
  t.throws(() => op.maxPool2d(normal(1, [4, 4, 2]), 2), /x \[batch, height, width, channels\], got \[4, 4, 2\]/)
  t.throws(
    () => op.maxPool2d(x, 5),
    /maxPool2d: expected images, .* no smaller than the kernel \[5, 5\], got \[1, 4, 4, 2\]/,
  )
  t.throws(
    () => op.maxPool2d(x, 2, { padding: 2 }),
    /an entry of the image in each window, got \[2, 2\] on .* by \[2, 2, 2, 2\]/,
  )
  t.throws(() => op.maxPool2d(x, 3, { dilation: 2 }), /no smaller than the kernel \[3, 3\] dilated by \[2, 2\], got/)
  t.throws(
    () => op.maxPool2d(normal(1, [1, 1, 1, 1]), 2, { dilation: 2, padding: 1 }),
    /an entry of the image in each window/,
    'on either side of the image, but not in it',
  )
  t.throws(() => op.maxPool2d(normal(1, [1, 0, 2, 1]), 2, { padding: 1 }), ShapeError)
  t.throws(() => op.maxPool2d(x, 0), /a kernel of whole numbers from 1, got 0/)
  t.throws(() => op.maxPool2d(x, 1.5), ShapeError)
  t.throws(() => op.maxPool2d(x, 2, { stride: 0 }), ShapeError)
  t.throws(() => op.maxPool2d(zeros([1, 2, 2, 1], 'int32') as never, 2), DTypeError)
})
