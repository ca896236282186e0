import fc from 'fast-check'
import {
  type ConvolutionOptions,
  DTypeError,
  eqTensor,
  fromArray,
  fromNested,
  op,
  type Padding1d,
  random,
  type Shape,
  ShapeError,
  type Tensor,
  toArray,
  zeros,
} from 'pullback'
import t from 'tap'
import { layouts, tensorOf } from '../../arbitrary/tensor.ts'
import { lawsOfDiff } from '../../law/diff.ts'
import { check } from '../../support/property.ts'

type Options = ConvolutionOptions<number, Padding1d, number>
type Sequences = Tensor<readonly [number, number, number]>
type Vector = Tensor<readonly [number]>
type Args = { readonly x: Sequences; readonly W: Sequences; readonly b: Vector }

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const argsOf = (x: Shape, W: Shape): Args =>
  ({ x: normal(1, x), W: normal(2, W), b: normal(3, W.slice(0, 1)) }) as unknown as Args

t.test('derivatives', async (t) => {
  const cases: readonly (readonly [string, Shape, Shape, Options?])[] = [
    ['one place', [1, 2, 1], [1, 2, 1]],
    ['two channels to three', [2, 4, 2], [3, 2, 2]],
    ['stride, padding and dilation', [1, 5, 2], [2, 2, 2], { stride: 2, padding: 1, dilation: 2 }],
    ['same, in groups', [2, 4, 2], [4, 3, 1], { padding: 'same', groups: 2 }],
    ['no sequences', [0, 3, 2], [2, 2, 2]],
    ['no channels', [1, 3, 0], [2, 2, 0]],
  ]
  for (const [name, x, W, options] of cases)
    lawsOfDiff(t, name, ({ x, W, b }: Args) => op.conv1d(x, W, b, options), argsOf(x, W))
})

t.test('by hand', async (t) => {
  const x = fromArray([1, 2, 4, 8, 16], [1, 5, 1])
  const [W, b] = [fromArray([1, 0, -1], [1, 3, 1]), fromNested([100])]
  t.same(toArray(op.conv1d(x, W, b)), [97, 94, 88])
  t.same(toArray(op.conv1d(x, W, b, { padding: 'same', stride: 2 })), [98, 94, 108])
  t.same(toArray(op.conv1d(x, W, b, { padding: 1, dilation: 2 })), [92, 85, 102])
  const [, back] = op.conv1d.diff([x, W, b])
  const [dx, dW, db] = back(fromArray([1, 0, 2], [1, 3, 1]))
  t.same(toArray(dx), [1, 0, 1, 0, -2])
  t.same(toArray(dW), [1 + 8, 2 + 16, 4 + 32])
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
  const [x, W, b] = [counted(3, [1, 9, 2]), counted(2, [2, 3, 1]), counted(1, [2])]
  const y = op.conv1d(x, W, b, { stride: 2, padding: 3, dilation: 2, groups: 2 })
  t.same(toArray(y), [0, -2, -5, 0, -14, 1, -8, -15, 3, 4, 6, -2])
})

t.test('is the convolution of images of height 1', async () => {
  const whole = (min: number, max: number) => fc.integer({ min, max })
  const cases = fc
    .record({
      batch: whole(0, 2),
      more: whole(0, 4),
      kernel: whole(1, 3),
      part: whole(0, 2),
      out: whole(0, 2),
      stride: whole(1, 3),
      dilation: whole(1, 3),
      groups: whole(1, 3),
      padding: fc.oneof(whole(0, 2), fc.constantFrom('same' as const, 'valid' as const)),
    })
    .chain(({ batch, more, kernel, part, out, ...options }) =>
      fc.record({
        x: tensorOf([batch, (kernel - 1) * options.dilation + 1 + more, options.groups * part]),
        W: tensorOf([options.groups * out, kernel, part]),
        b: tensorOf([options.groups * out]),
        options: fc.constant(options),
      }),
    )
  check(cases, ({ x, W, b, options }) => {
    const tall = (y: Tensor) => op.reshape(y, [y.shape[0] as number, 1, ...y.shape.slice(1)]) as never
    const { stride, padding, dilation, groups } = options
    const said = op.conv2d(tall(x as Tensor), tall(W as Tensor), b as never, {
      stride: [1, stride],
      dilation: [1, dilation],
      padding: typeof padding === 'number' ? [0, padding] : padding,
      groups,
    }) as Tensor
    return layouts(x as Tensor).every(([, y]) => {
      const found = op.conv1d(y as Sequences, W as Sequences, b as never, options) as Tensor
      return eqTensor.equals(tall(found), said)
    })
  })
})

t.test('errors', async (t) => {
  const { x, W, b } = argsOf([1, 4, 2], [3, 2, 2])
  const wrong = /conv1d: expected x \[batch, length, in\], W \[out, length, in\], b \[out\], got \[/
  t.throws(() => op.conv1d(x, normal(1, [3, 2, 1]) as Sequences, b), wrong)
  t.throws(() => op.conv1d(normal(1, [4, 2]) as never, W, b), wrong)
  t.throws(() => op.conv1d(normal(1, [1, 1, 4, 2]) as never, W, b), wrong)
  t.throws(() => op.conv1d(x, W, normal(1, [2]) as Vector), wrong)
  t.throws(
    () => op.conv1d(x, W, b, { dilation: 4 }),
    /conv1d: expected sequences, .* no smaller than the kernel \[2\] dilated by \[4\], got \[1, 4, 2\]/,
  )
  t.throws(() => op.conv1d(x, W, b, { stride: 0 }), /a stride that is a whole number from 1, got 0/)
  t.throws(
    () => op.conv1d(x, W, b, { padding: [1, 1] as never }),
    /a padding that is a whole number from 0, got \[1, 1\]/,
  )
  t.throws(() => op.conv1d(x, W, b, { groups: 2 }), /groups that divide 2 channels and 3 kernels, got 2/)
  t.throws(() => op.conv1d(x, normal(1, [3, 0, 2]) as Sequences, b), ShapeError)
  t.throws(() => op.conv1d(x, W, zeros([3]) as never), DTypeError)
})
