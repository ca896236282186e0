import fc from 'fast-check'
import {
  approxEqual,
  type ConvolutionOptions,
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
  zeros,
} from 'pullback'
import t from 'tap'
import { convolve, convolveComposite, toImagesComposite, toKernelsComposite } from '../../../lib/op/window/convolve.ts'
import { col2im, im2col } from '../../../lib/op/window/im2col.ts'
import { windowing } from '../../../lib/op/window/window.ts'
import { layouts, tensorOf } from '../../arbitrary/tensor.ts'
import { slidings } from '../../arbitrary/window.ts'
import { lawsOfDiff } from '../../law/diff.ts'
import { check } from '../../support/property.ts'

type Images = Tensor<readonly [number, number, number, number]>
type Vector = Tensor<readonly [number]>
type Args = { readonly x: Images; readonly W: Images; readonly b: Vector }

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const argsOf = (x: Shape, W: Shape): Args =>
  ({ x: normal(1, x), W: normal(2, W), b: normal(3, W.slice(0, 1)) }) as unknown as Args

t.test('derivatives', async (t) => {
  const cases: readonly (readonly [string, Shape, Shape, ConvolutionOptions?])[] = [
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
    ['dilated', [1, 4, 5, 1], [1, 2, 2, 1], { dilation: [2, 3], padding: [1, 0] }],
    ['dilated, same', [1, 3, 4, 1], [1, 2, 3, 1], { dilation: 2, padding: 'same', stride: [1, 2] }],
    ['two groups', [2, 2, 3, 4], [2, 2, 2, 2], { groups: 2 }],
    ['depthwise', [1, 3, 3, 2], [2, 2, 2, 1], { groups: 2, padding: 1, stride: 2, dilation: 2 }],
    ['depthwise, two kernels each', [1, 2, 2, 2], [4, 1, 2, 1], { groups: 2 }],
    ['groups and no images', [0, 3, 3, 2], [2, 2, 2, 1], { groups: 2 }],
    ['groups without channels', [1, 2, 2, 0], [2, 2, 2, 0], { groups: 2 }],
    ['groups without kernels', [1, 2, 2, 2], [0, 2, 2, 1], { groups: 2 }],
  ]
  for (const [name, x, W, options] of cases)
    lawsOfDiff(t, name, ({ x, W, b }: Args) => op.conv2d(x, W, b, options), argsOf(x, W))
})

t.test('the kernels compute the composites', async (t) => {
  const close = (found: unknown, said: unknown): boolean => {
    const [p, q] = [found, said].map((y) => toArray(y as Tensor)) as [number[], number[]]
    return p.length === q.length && p.every((v, i) => Math.abs(v - (q[i] as number)) < 1e-13)
  }
  for (const [groups, out] of [
    [1, 3],
    [2, 4],
    [4, 8],
    [4, 4],
  ] as const) {
    const x = normal(1, [3, 5, 4, 4])
    const [W, b] = [normal(2, [out, 24 / groups]), normal(3, [out])]
    const options = { stride: [2, 1], dilation: [1, 2], padding: 1 } as const
    const [window, [down, right]] = windowing('conv2d', [3, 2], options)(x.shape)
    const d = normal(4, [3 * down * right, out])
    const value = op.conv2d(x as Images, op.reshape(W, [out, 3, 2, 4 / groups]) as Images, b as unknown as Vector, {
      ...options,
      groups,
    })
    t.ok(close(value, convolveComposite(x, W, b, window, groups)), `${groups} groups: value`)
    const [dx, dW] = convolve.pull(x, W, b, window, groups)[1](d) as readonly [() => Tensor, () => Tensor]
    t.ok(close(dx(), toImagesComposite(d, W, window, x.shape, groups)), `${groups} groups: to images`)
    t.ok(close(dW(), toKernelsComposite(d, x, window, groups)), `${groups} groups: to kernels`)
  }
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
  const two = op.concat([x, op.scale(x, 10)], 3) as Images
  const each = op.concat([W, op.scale(W, -1)], 0) as Images
  t.same(
    toArray(op.conv2d(two, each, fromNested([0, 1]), { groups: 2, dilation: 2 })),
    [1 - 9, 10 * (9 - 1) + 1],
    'each kernel on its own channel',
  )
  const [, back] = op.conv2d.diff([x, W, fromNested([0])])
  const [dx, dW, db] = back(fromArray([1, 0, 0, 2], [1, 2, 2, 1]))
  t.same(toArray(dx), [1, 0, 0, 0, 1, 0, 0, 0, -2])
  t.same(toArray(dW), [1 + 10, 2 + 12, 4 + 16, 5 + 18])
  t.same(toArray(db), [3])
})

/** The numbers 0, step, 2 step, … modulo 7, less 3. */
const counted = (step: number, shape: Shape): never =>
  fromArray(
    Array.from({ length: shape.reduce((a, n) => a * n, 1) }, (_, i) => ((i * step) % 7) - 3),
    shape,
    'float64',
  ) as never

t.test('as PyTorch computes it', async (t) => {
  const [x, W, b] = [counted(3, [1, 4, 5, 4]), counted(2, [4, 2, 2, 2]), counted(1, [4])]
  const options = { stride: [2, 1], padding: [1, 2], dilation: [3, 2], groups: 2 } as const
  const [y, back] = op.conv2d.diff([x, W, b, options])
  t.same(y.shape, [1, 2, 7, 4])
  t.same(
    toArray(y),
    [
      -10, 3, 2, -3, 6, -10, -5, -4, 12, 0, -4, 18, -17, -3, 12, -3, -11, 1, -14, -3, -1, 2, -8, 5, 3, -2, 8, -8, -11,
      7, -1, 6, 2, -9, 3, 2, -6, -15, 2, -8, -6, 11, -2, -14, 15, -5, 1, 15, -7, -6, -9, 9, -6, 1, 4, -7,
    ],
  )
  const [dx, dW] = back(counted(5, y.shape))
  t.same(
    toArray(op.slice(dx, [0, [1, 3]])),
    [
      -3, -15, 7, -16, 4, 5, 5, -19, 4, 4, 10, 13, 4, 3, 8, 10, -3, 9, -8, 7, -16, 7, -15, -3, 1, -12, -14, -3, 4, -10,
      8, -3, 7, -8, 9, -3, 10, 8, 3, 4,
    ],
  )
  t.same(
    toArray(dW),
    [
      -1, -8, -10, 13, 6, -1, 16, -10, 1, 13, -1, -8, -11, 1, 6, -1, 16, -16, -10, 16, -1, 16, 13, -10, 0, 8, 16, -16,
      -8, 0, -1, 16,
    ],
  )
})

/** The definition, entry by entry. */
const byHand = (x: Images, W: Images, b: Vector, { groups = 1, ...options }: ConvolutionOptions): Tensor => {
  const [[batch, height, width], [out, kh, kw, part]] = [x.shape, W.shape]
  const [{ stride, dilation, padding }, [down, right]] = windowing('conv2d', [kh, kw], options)(x.shape)
  const y: number[] = []
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < down; i++)
      for (let j = 0; j < right; j++)
        for (let o = 0; o < out; o++) {
          const first = Math.floor(o / (out / groups)) * part
          let s = b.get(o)
          for (let k = 0; k < kh; k++)
            for (let l = 0; l < kw; l++)
              for (let c = 0; c < part; c++) {
                const row = i * stride[0] + k * dilation[0] - padding[0]
                const column = j * stride[1] + l * dilation[1] - padding[2]
                if (row >= 0 && row < height && column >= 0 && column < width)
                  s += x.get(n, row, column, first + c) * W.get(o, k, l, c)
              }
          y.push(s)
        }
  return fromArray(y, [batch, down, right, out], 'float64')
}

/** Images, kernels of one of some groupings, what to add, and how the kernels slide. */
const cases = fc
  .tuple(slidings, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }))
  .chain(([{ image, kernel, ...options }, groups, out]) =>
    fc.record({
      x: tensorOf([...image.slice(0, 3), groups * image[3]]) as fc.Arbitrary<Images>,
      W: tensorOf([groups * out, ...kernel, image[3]]) as fc.Arbitrary<Images>,
      b: tensorOf([groups * out]) as fc.Arbitrary<Vector>,
      options: fc.constant({ ...options, groups }),
    }),
  )
const near = (a: unknown, b: unknown): boolean =>
  approxEqual(a as Tensor, b as Tensor, { relative: 1e-12, absolute: 1e-12 })

t.test('is the sum, whatever the sizes and layouts', async () => {
  check(
    cases,
    ({ x, W, b, options }) => {
      const said = byHand(x, W, b, options)
      return layouts(x).every(([, y]) =>
        layouts(W).every(([, V]) => near(op.conv2d(y as Images, V as Images, b, options), said)),
      )
    },
    50,
  )
})

t.test('dilated is with kernels filled up with zeros', async () => {
  check(cases, ({ x, W, b, options: { dilation, ...options } }) => {
    const [out, height, width, channels] = W.shape
    const [down, right] = [dilation, dilation].flat() as [number, number]
    /** Zeros between the entries along an axis of kernels, not behind the last. */
    const filled = (V: Images, axis: 1 | 2, step: number): Images => {
      const n = V.shape[axis]
      const zero = op.scale(V, 0)
      const all = op.concat([V, ...Array.from({ length: step - 1 }, () => zero)], (axis + 1) as 2 | 3) as Images
      const shape = V.shape.map((size, i) => (i === axis ? n * step : size)) as unknown as Images['shape']
      return op.slice(op.reshape(all, shape) as Images, [
        ...Array.from({ length: axis }, () => null),
        [0, (n - 1) * step + 1],
      ]) as Tensor as Images
    }
    const tall = filled(W, 1, down)
    const V = filled(tall, 2, right)
    return (
      V.size === out * ((height - 1) * down + 1) * ((width - 1) * right + 1) * channels &&
      near(op.conv2d(x, W, b, { ...options, dilation }), op.conv2d(x, V, b, options))
    )
  })
})

t.test('groups are convolutions of their channels side by side', async () => {
  check(cases, ({ x, W, b, options: { groups, ...options } }) => {
    const part = (y: Tensor, axis: number, g: number): Tensor => {
      const n = (y.shape[axis] as number) / groups
      return op.slice(y, [...Array.from({ length: axis }, () => null), [g * n, (g + 1) * n]]) as Tensor
    }
    const each = Array.from({ length: groups }, (_, g) =>
      op.conv2d(part(x, 3, g) as Images, part(W, 0, g) as Images, part(b, 0, g) as Vector, options),
    )
    return near(op.conv2d(x, W, b, { ...options, groups }), op.concat(each, 3))
  })
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
  t.throws(
    () => op.conv2d(x, W, b, { dilation: 4 }),
    /no smaller than the kernel \[2, 2\] dilated by \[4, 4\], got \[1, 4, 4, 2\]/,
  )
  t.throws(() => op.conv2d(x, W, b, { dilation: 0 }), /a dilation of whole numbers from 1, got 0/)
  const divide = /conv2d: expected groups that divide 2 channels and 3 kernels, got /
  for (const groups of [0, 1.5, 2, 3]) t.throws(() => op.conv2d(x, W, b, { groups }), divide)
  t.throws(
    () => op.conv2d(x, normal(1, [4, 2, 2, 2]) as Images, normal(1, [4]) as Vector, { groups: 2 }),
    /W \[out, height, width, in \/ 2\], b \[out\], got \[1, 4, 4, 2\], \[4, 2, 2, 2\]/,
  )
})
