import fc from 'fast-check'
import {
  approxEqual,
  DTypeError,
  fromArray,
  fromNested,
  op,
  random,
  range,
  type Shape,
  ShapeError,
  type Tensor,
  toArray,
  toNested,
  type WindowOptions,
  zeros,
} from 'pullback'
import t from 'tap'
import { convolve, convolveComposite, toImagesComposite, toKernelsComposite } from '../../lib/op/conv2d.ts'
import { col2im, im2col } from '../../lib/op/im2col.ts'
import { windowing } from '../../lib/op/window.ts'
import { layouts, tensorOf } from '../arbitrary/tensor.ts'
import { slidings } from '../arbitrary/window.ts'
import { lawsOfDiff } from '../law/diff.ts'
import { check } from '../support/property.ts'

type Images = Tensor<readonly [number, number, number, number]>
type Vector = Tensor<readonly [number]>
type Args = { readonly x: Images; readonly W: Images; readonly b: Vector }

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const argsOf = (x: Shape, W: Shape): Args =>
  ({ x: normal(1, x), W: normal(2, W), b: normal(3, W.slice(0, 1)) }) as unknown as Args

t.test('derivatives', async (t) => {
  const cases: readonly (readonly [string, Shape, Shape, WindowOptions?])[] = [
    ['one place', [1, 2, 2, 1], [1, 2, 2, 1]],
    ['two channels to two', [2, 3, 2, 2], [2, 2, 1, 2]],
    ['stride 2 and padding', [1, 4, 3, 1], [2, 3, 3, 1], { stride: 2, padding: 1 }],
    ['each direction its own', [1, 3, 5, 1], [1, 2, 3, 1], { stride: [1, 2], padding: [0, 1] }],
    ['same', [1, 4, 3, 1], [1, 2, 3, 1], { padding: 'same', stride: [2, 1] }],
    ['entries that no window sees', [1, 4, 4, 1], [1, 1, 1, 1], { stride: 3 }],
    ['padding beyond the kernel', [1, 1, 1, 1], [1, 1, 1, 1], { padding: 2 }],
    ['no images', [0, 3, 3, 2], [2, 2, 2, 2]],
    ['no channels', [1, 2, 2, 0], [1, 2, 2, 0]],
    ['no kernels', [1, 2, 2, 1], [0, 2, 2, 1]],
    ['padding alone', [1, 0, 2, 1], [1, 2, 2, 1], { padding: [1, 0] }],
  ]
  for (const [name, x, W, options] of cases)
    lawsOfDiff(t, name, ({ x, W, b }: Args) => op.conv2d(x, W, b, options), argsOf(x, W))
})

t.test('the kernels compute the composites', async (t) => {
  const x = normal(1, [3, 5, 4, 2])
  const [W, b] = [normal(2, [3, 12]), normal(3, [3])]
  const [window, [down, right]] = windowing('conv2d', [3, 2], { stride: [2, 1], padding: 1 })(x.shape)
  const d = normal(4, [3 * down * right, 3])
  const close = (found: unknown, said: unknown): boolean => {
    const [p, q] = [found, said].map((y) => toArray(y as Tensor)) as [number[], number[]]
    return p.length === q.length && p.every((v, i) => Math.abs(v - (q[i] as number)) < 1e-13)
  }
  const value = op.conv2d(x as Images, op.reshape(W, [3, 3, 2, 2]) as Images, b as unknown as Vector, {
    stride: [2, 1],
    padding: 1,
  })
  t.ok(close(value, convolveComposite(x, W, b, window)))
  const [dx, dW] = convolve.pull(x, W, b, window)[1](d) as readonly [() => Tensor, () => Tensor]
  t.ok(close(dx(), toImagesComposite(d, W, window, x.shape)))
  t.ok(close(dW(), toKernelsComposite(d, x, window)))
})

t.test('by hand', async (t) => {
  const x = op.reshape(range(1, 10), [1, 3, 3, 1])
  const W = op.reshape(fromNested([1, 0, 0, -1]), [1, 2, 2, 1])
  const y = op.conv2d(x, W, fromNested([10]))
  t.same(toNested(y), [
    [
      [[6], [6]],
      [[6], [6]],
    ],
  ])
  t.same(toArray(op.conv2d(x, W, fromNested([0]), { padding: 1, stride: 2 })), [-1, -3, -7, -4])
  t.same(toArray(op.conv2d(x, W, fromNested([0]), { padding: 'same' })), [-4, -4, 3, -4, -4, 6, 7, 8, 9])
  t.same(toArray(op.conv2d(x, W, fromNested([0]), { padding: 'same', stride: 2 })), [-4, 3, 7, 9])
  const [, back] = op.conv2d.diff([x, W, fromNested([0])])
  const [dx, dW, db] = back(fromArray([1, 0, 0, 2], [1, 2, 2, 1]))
  t.same(toArray(dx), [1, 0, 0, 0, 1, 0, 0, 0, -2])
  t.same(toArray(dW), [1 + 10, 2 + 12, 4 + 16, 5 + 18])
  t.same(toArray(db), [3])
})

/** The definition, entry by entry. */
const byHand = (x: Images, W: Images, b: Vector, { stride, padding }: Required<WindowOptions>): Tensor => {
  const [[batch, height, width, channels], [out, kh, kw]] = [x.shape, W.shape]
  const [window, [down, right]] = windowing('conv2d', [kh, kw], { stride, padding })(x.shape)
  const y: number[] = []
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < down; i++)
      for (let j = 0; j < right; j++)
        for (let o = 0; o < out; o++) {
          let s = b.get(o)
          for (let k = 0; k < kh; k++)
            for (let l = 0; l < kw; l++)
              for (let c = 0; c < channels; c++) {
                const [row, column] = [
                  i * window.stride[0] + k - window.padding[0],
                  j * window.stride[1] + l - window.padding[2],
                ]
                if (row >= 0 && row < height && column >= 0 && column < width)
                  s += x.get(n, row, column, c) * W.get(o, k, l, c)
              }
          y.push(s)
        }
  return fromArray(y, [batch, down, right, out], 'float64')
}

t.test('is the sum, whatever the sizes and layouts', async () => {
  const cases = slidings.chain(({ image, kernel, ...options }) =>
    fc.integer({ min: 0, max: 2 }).chain((out) =>
      fc.record({
        x: tensorOf(image) as fc.Arbitrary<Images>,
        W: tensorOf([out, ...kernel, image[3]]) as fc.Arbitrary<Images>,
        b: tensorOf([out]) as fc.Arbitrary<Vector>,
        options: fc.constant(options),
      }),
    ),
  )
  check(
    cases,
    ({ x, W, b, options }) => {
      const said = byHand(x, W, b, options)
      return layouts(x).every(([, y]) =>
        layouts(W).every(([, V]) =>
          approxEqual(op.conv2d(y, V, b, options), said, { relative: 1e-12, absolute: 1e-12 }),
        ),
      )
    },
    50,
  )
})

t.test('col2im is the transpose of im2col', async () => {
  const dot = (a: Tensor, b: Tensor): number => toArray(op.mul(a, b)).reduce((s, v) => s + v, 0)
  const cases = slidings.chain(({ image, kernel, ...options }) => {
    const [window, counts] = windowing('im2col', kernel, options)(image)
    const rows = [image[0] * counts[0] * counts[1], kernel[0] * kernel[1] * image[3]]
    return fc.tuple(tensorOf(image), tensorOf(rows), fc.constant(window))
  })
  check(cases, ([x, d, window]) =>
    layouts(d).every(([, e]) => Math.abs(dot(im2col(x, window), d) - dot(x, col2im(e, window, x.shape))) < 1e-9),
  )
})

t.test('errors', async (t) => {
  const { x, W, b } = argsOf([1, 4, 4, 2], [3, 2, 2, 2])
  const wrong = /x \[batch, height, width, in\], W \[out, height, width, in\], b \[out\], got \[1, 4, 4, 2\], \[/
  t.throws(() => op.conv2d(x, normal(1, [3, 2, 2, 1]) as Images, b), wrong)
  t.throws(() => op.conv2d(x, normal(1, [3, 2, 2]) as Images, b), wrong)
  t.throws(() => op.conv2d(x, W, normal(1, [2]) as Vector), wrong)
  t.throws(() => op.conv2d(normal(1, [4, 4, 2]) as Images, W, b), ShapeError)
  t.throws(() => op.conv2d(x, normal(1, [3, 0, 2, 2]) as Images, b), /a kernel of whole numbers from 1, got \[0, 2\]/)
  t.throws(
    () => op.conv2d(x, normal(1, [3, 2, 5, 2]) as Images, b),
    /conv2d: expected images, padding included, no smaller than the kernel \[2, 5\], got \[1, 4, 4, 2\]/,
  )
  t.throws(() => op.conv2d(x, W, b, { stride: 0 }), /a stride of whole numbers from 1, got 0/)
  t.throws(() => op.conv2d(x, W, b, { stride: [1, 1.5] }), /got \[1, 1.5\]/)
  t.throws(() => op.conv2d(x, W, b, { padding: -1 }), /a padding of whole numbers from 0, got -1/)
  t.throws(() => op.conv2d(x, W, b, { padding: 'full' as 'same' }), /got 'full'/)
  t.throws(() => op.conv2d(x, W, b, { padding: [1] as never }), ShapeError)
  t.throws(() => op.conv2d(x, W, zeros([3]) as never), DTypeError)
})
