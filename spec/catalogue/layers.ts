// Every layer the package exports: on which examples, what it must give (numbers of PyTorch 1.13 in float64, or worked by hand), and what
// it must refuse. The laws do the rest.
import { readFileSync } from 'node:fs'
import {
  type AnyLayer,
  type AnyTensor,
  alphaDropout,
  avgPool2d,
  batchNorm,
  type Context,
  conv1d,
  conv2d,
  dropout,
  elementwise,
  flatten,
  globalAvgPool2d,
  groupNorm,
  identity,
  init,
  input,
  join,
  key,
  layerNorm,
  linear,
  maxPool2d,
  type Nested,
  named,
  op,
  reshape,
  rmsNorm,
  type Shape,
  spatialDropout,
  split,
  syncBatchNorm,
  zeros,
} from 'pullback'
import t from 'tap'
import { type Entry, lawsOfEntry } from '../law/entry.ts'
import { training } from '../law/layer.ts'
import { alike } from '../support/alike.ts'
import { exportedFrom } from '../support/exported.ts'

/** Layers of sequences, those that resize images, those with another W, and activations have tables of their own. */
const sequences = exportedFrom(/^(nn\/sequence|combinator\/sequence\/transformer)/)
const further = exportedFrom(/^(nn\/(image|bilinear|highway|instanceNorm|maxout|pad)|combinator\/separableConv2d)/)
const weights = exportedFrom(/^combinator\/reparameterized/)
const activations = exportedFrom(/^nn\/(activation|prelu)/)
/** What makes layers of layers, or is done with them. */
const functions = `
  apply bidirectional checkpointed columns compose contramap count define each eachStep evaluated fanout freeze inParts init initWith int layer named predict recur repeat residual stack
  summary thaw tie
`
  .trim()
  .split(/\s+/)

const run =
  (layer: AnyLayer, x: AnyTensor | object, context: Context = { mode: 'eval' }) =>
  () => {
    const { params, state } = init(layer, key(0))
    return layer.apply(params, state, context, x as never)
  }
const ints = (...shape: number[]): AnyTensor => zeros(shape, 'int32')
const shaped = (flat: readonly number[], shape: Shape): Nested =>
  shape.length === 1
    ? [...flat]
    : Array.from({ length: shape[0] as number }, (_, i) => {
        const n = flat.length / (shape[0] as number)
        return shaped(flat.slice(i * n, (i + 1) * n), shape.slice(1))
      })

const improper = (make: (o: { readonly drop: number }) => AnyLayer, kind: string): NonNullable<Entry['errors']> => [
  [() => make({ drop: 1.5 }), new RegExp(`${kind}: expected a probability from 0 to 1, got 1.5`)],
  [() => make({ drop: -0.1 }), /a probability from 0 to 1, got -0.1/],
  [() => make({ drop: Number.NaN }), /a probability from 0 to 1, got NaN/],
  [
    run(named('d', make({ drop: 0.5 })), ints(2, 2)),
    new RegExp(`${kind} at d: expected float32 or float64, got int32`),
  ],
]

const learned = { scale: [1.5, -2, 1, 0.5], shift: [0.5, 1, 0, -1] }
const flat = [1, 20, 3, 10, 8, -6, 2, 5]
const dflat = [1, -2, 0.5, 3, -1, 0.25, 2, 1]
const pair = shaped(flat, [2, 4])
const dpair = shaped(dflat, [2, 4])

const entries: readonly Entry[] = [
  {
    of: 'linear',
    layer: linear(3, 2),
    input: [3],
    golden: [
      {
        at: 'three to two',
        params: {
          W: [
            [1, 2, 3],
            [-1, 0.5, 4],
          ],
          b: [0.5, -1],
        },
        x: [[1, -2, 0.5]],
        value: [[-1, -1]],
        dy: [[1, -2]],
        dx: [[3, 1, -5]],
        dparams: {
          W: [
            [1, -2, 0.5],
            [-2, 4, -1],
          ],
          b: [1, -2],
        },
      },
    ],
    errors: [
      [() => linear(-1, 2), /linear: expected whole sizes that are not negative, got \[-1, 2\]/],
      [run(named('L', linear(3, 2)), zeros([2, 4])), /linear at L: expected \[batch, 3\], got \[2, 4\]/],
      [run(linear(3, 2), zeros([3])), /linear: expected \[batch, 3\], got \[3\]/],
    ],
  },
  { of: 'linear', with: 'no inputs', layer: linear(0, 2), input: [0] },
  { of: 'linear', with: 'no outputs', layer: linear(3, 0), input: [3] },
  {
    of: 'conv2d',
    layer: conv2d(1, 2, { kernel: 2 }),
    input: [3, 3, 1],
    golden: [
      {
        at: 'two kernels',
        params: { W: shaped([1, 2, 3, 4, -1, 0.5, 0, 2], [2, 2, 2, 1]), b: [0.5, -1] },
        x: shaped([...flat, 4], [1, 3, 3, 1]),
        value: shaped([103.5, 24, 26.5, -31.5, 52.5, 3, 27.5, -4], [1, 2, 2, 2]),
        dy: shaped(dflat, [1, 2, 2, 2]),
        dx: shaped([3, -1.5, 2.5, 1.75, 0.625, 12.5, -3, 2.5, 10], [1, 3, 3, 1]),
        dparams: { W: shaped([17, 1.5, 22, 8, 68.5, -35, 9.5, -28.75], [2, 2, 2, 1]), b: [2.5, 2.25] },
      },
    ],
    errors: [
      [() => conv2d(1, 2, { kernel: 0 }), /conv2d: expected a kernel of whole numbers from 1, got 0/],
      [
        run(conv2d(2, 3, { kernel: 2 }), zeros([1, 3, 3, 1])),
        /conv2d: expected \[batch, any, any, 2\], got \[1, 3, 3, 1\]/,
      ],
    ],
  },
  {
    of: 'conv2d',
    with: 'stride, padding',
    layer: conv2d(2, 2, { kernel: [1, 3], stride: [2, 1], padding: [0, 1] }),
    input: [3, 3, 2],
  },
  { of: 'conv2d', with: 'same', layer: conv2d(1, 1, { kernel: 2, stride: 2, padding: 'same' }), input: [3, 3, 1] },
  {
    of: 'conv2d',
    with: 'a kernel for each channel, dilation',
    layer: conv2d(2, 2, { kernel: 2, dilation: [1, 2], groups: 2 }),
    input: [2, 4, 2],
    golden: [
      {
        at: 'two channels',
        params: { W: shaped([1, 2, 3, 4, -1, 0.5, 0, 2], [2, 2, 2, 1]), b: [0.5, -1] },
        x: shaped([...flat, ...[...flat].reverse()], [1, 2, 4, 2]),
        value: shaped([72.5, -18, 69.5, -6.5], [1, 1, 2, 2]),
        dy: shaped([1, -2, 0.5, 3], [1, 1, 2, 2]),
        dx: shaped([1, 2, 0.5, -3, 2, -1, 1, 1.5, 3, 0, 1.5, 0, 4, -4, 2, 6], [1, 2, 4, 2]),
        dparams: { W: shaped([2.5, 9, 2, 20, -10, 27, 20, -3], [2, 2, 2, 1]), b: [1.5, 1] },
      },
    ],
    errors: [
      [
        () => conv2d(3, 4, { kernel: 2, groups: 2 as number as 1 }),
        /conv2d: expected groups that divide 3 channels and 4 kernels, got 2/,
      ],
      [
        run(named('C', conv2d(2, 3, { kernel: 2, dilation: 3 })), zeros([1, 3, 4, 2])),
        /conv2d at C: expected images, .* the kernel \[2, 2\] dilated by \[3, 3\], got \[1, 3, 4, 2\]/,
      ],
    ],
  },
  { of: 'conv2d', with: 'groups, stride', layer: conv2d(4, 2, { kernel: 2, groups: 2, stride: 2 }), input: [3, 2, 4] },
  {
    of: 'conv1d',
    layer: conv1d(2, 2, { kernel: 2, stride: 2, dilation: 2, padding: 1 }),
    input: [4, 2],
    golden: [
      {
        at: 'two channels to two',
        params: { W: shaped([1, 2, 3, 4, -1, 0.5, 0, 2], [2, 2, 2]), b: [0.5, -1] },
        x: shaped(flat, [1, 4, 2]),
        value: shaped([49.5, 19, 49.5, 11], [1, 2, 2]),
        dy: shaped([1, -2, 0.5, 3], [1, 2, 2]),
        dx: shaped([0, 0, 0.5, 2.5, 0, 0, 1.5, 8], [1, 4, 2]),
        dparams: { W: shaped([1.5, 5, 4, 12.5, 9, 30, 0, -5], [2, 2, 2]), b: [1.5, 1] },
      },
    ],
    errors: [
      [() => conv1d(1, 2, { kernel: 0 }), /conv1d: expected a kernel that is a whole number from 1, got 0/],
      [run(conv1d(2, 3, { kernel: 2 }), zeros([1, 3, 1])), /conv1d: expected \[batch, any, 2\], got \[1, 3, 1\]/],
      [
        run(named('C', conv1d(2, 3, { kernel: 4 })), zeros([1, 3, 2])),
        /conv1d at C: expected sequences, .* no smaller than the kernel \[4\], got \[1, 3, 2\]/,
      ],
    ],
  },
  { of: 'conv1d', with: 'same, groups', layer: conv1d(2, 4, { kernel: 2, padding: 'same', groups: 2 }), input: [3, 2] },
  {
    of: 'avgPool2d',
    layer: avgPool2d(2, { padding: 1 }),
    input: [3, 3, 2],
    golden: [
      {
        at: 'padding counts',
        x: shaped([...flat, 4], [1, 3, 3, 1]),
        value: shaped([0.25, 5.75, 3, 2.75], [1, 2, 2, 1]),
        dy: shaped([1, -2, 0.5, 3], [1, 2, 2, 1]),
        dx: shaped([0.25, -0.5, -0.5, 0.125, 0.75, 0.75, 0.125, 0.75, 0.75], [1, 3, 3, 1]),
      },
    ],
    errors: [
      [() => avgPool2d(-1), /avgPool2d: expected a kernel of whole numbers from 1, got -1/],
      [
        run(named('P', avgPool2d(2, { padding: 2 })), zeros([1, 3, 3, 1])),
        /avgPool2d at P: expected an entry of the image in each window, got \[2, 2\] on \[1, 3, 3, 1\] padded by/,
      ],
    ],
  },
  {
    of: 'avgPool2d',
    with: 'countPadding: false',
    layer: avgPool2d(2, { padding: 1, countPadding: false }),
    input: [3, 3, 1],
    golden: [
      {
        at: 'padding does not count',
        x: shaped([...flat, 4], [1, 3, 3, 1]),
        value: shaped([1, 11.5, 6, 2.75], [1, 2, 2, 1]),
        dy: shaped([1, -2, 0.5, 3], [1, 2, 2, 1]),
        dx: shaped([1, -1, -1, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75], [1, 3, 3, 1]),
      },
    ],
  },
  {
    of: 'globalAvgPool2d',
    layer: globalAvgPool2d,
    input: [2, 3, 2],
    golden: [
      {
        at: 'two channels',
        x: shaped(flat, [1, 2, 2, 2]),
        value: [[3.5, 7.25]],
        dy: [[4, -8]],
        dx: shaped([1, -2, 1, -2, 1, -2, 1, -2], [1, 2, 2, 2]),
      },
    ],
    errors: [
      [run(globalAvgPool2d, zeros([1, 3, 3])), /globalAvgPool2d: expected \[batch, any, any, any\], got \[1, 3, 3\]/],
      [run(globalAvgPool2d, zeros([1, 0, 3, 2])), /globalAvgPool2d: expected at least one pixel, got \[1, 0, 3, 2\]/],
    ],
  },
  {
    of: 'maxPool2d',
    with: 'dilation',
    layer: maxPool2d(2, { stride: 1, dilation: 2 }),
    input: [4, 3, 2],
    golden: [
      {
        at: 'the corners',
        x: shaped([...flat, 4], [1, 3, 3, 1]),
        value: shaped([4], [1, 1, 1, 1]),
        dy: shaped([3], [1, 1, 1, 1]),
        dx: shaped([0, 0, 0, 0, 0, 0, 0, 0, 3], [1, 3, 3, 1]),
      },
    ],
  },
  {
    of: 'maxPool2d',
    layer: maxPool2d(2, { stride: 1 }),
    input: [3, 3, 2],
    golden: [
      {
        at: 'overlapping windows',
        x: shaped([...flat, 4], [1, 3, 3, 1]),
        value: shaped([20, 20, 10, 8], [1, 2, 2, 1]),
        dy: shaped([1, -2, 0.5, 3], [1, 2, 2, 1]),
        dx: shaped([0, -1, 0, 0.5, 3, 0, 0, 0, 0], [1, 3, 3, 1]),
      },
    ],
    errors: [
      [() => maxPool2d(-1), /maxPool2d: expected a kernel of whole numbers from 1, got -1/],
      [run(maxPool2d(2), zeros([1, 3, 3])), /maxPool2d: expected \[batch, any, any, any\], got \[1, 3, 3\]/],
    ],
  },
  {
    of: 'maxPool2d',
    with: 'padding',
    layer: maxPool2d([2, 3], { stride: 1, padding: 1 }),
    input: [3, 3, 1],
  },
  { of: 'flatten', with: 'numbers', layer: flatten, input: [] },
  {
    of: 'flatten',
    layer: flatten,
    input: [2, 2],
    golden: [
      {
        at: 'row by row',
        x: [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        value: [[1, 2, 3, 4]],
        dy: [[5, 6, 7, 8]],
        dx: [
          [
            [5, 6],
            [7, 8],
          ],
        ],
      },
    ],
    errors: [
      [run(flatten, zeros([])), /flatten: expected at least 1 axes, got \[\]/],
      [run(flatten, { a: zeros([1]) }), /flatten: expected a tensor, got the names a/],
    ],
  },
  {
    of: 'reshape',
    layer: reshape([3, 2]),
    input: [6],
    golden: [
      {
        at: 'row by row',
        x: [[1, 2, 3, 4, 5, 6]],
        value: [
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        ],
        dy: [
          [
            [6, 5],
            [4, 3],
            [2, 1],
          ],
        ],
        dx: [[6, 5, 4, 3, 2, 1]],
      },
    ],
    errors: [
      [() => reshape([2.5]), /reshape: expected whole sizes that are not negative, got \[2.5\]/],
      [
        run(named('r', reshape([4])), zeros([2, 6])),
        /reshape at r: expected an example of 4 entries, as \[4\] has, got \[6\]/,
      ],
    ],
  },
  {
    of: 'identity',
    layer: identity,
    input: [2],
    golden: [{ at: 'anything', x: [[1, 2]], value: [[1, 2]], dy: [[3, 4]], dx: [[3, 4]] }],
  },
  {
    of: 'input',
    layer: input([2]),
    input: [2],
    golden: [{ at: 'what it says', x: [[1, 2]], value: [[1, 2]], dy: [[3, 4]], dx: [[3, 4]] }],
    errors: [
      [run(input([2]), zeros([1, 3])), /input: expected \[batch, 2\], got \[1, 3\]/],
      [run(input({ a: [2] }), zeros([1, 2])), /input: expected an input with the names a, got a tensor \[1, 2\]/],
    ],
  },
  {
    of: 'elementwise',
    with: 'functions of numbers',
    layer: elementwise(Math.sin, Math.cos, (x) => -Math.sin(x)),
    input: [2, 3],
    reads: true,
    golden: [{ at: 'zero', x: [[0]], value: [[0]], dy: [[2]], dx: [[2]] }],
    errors: [
      [
        () =>
          elementwise(Math.sin, Math.cos)
            .apply({}, {}, training, zeros([1]))
            .pullback(ints(1) as never)
            .input(),
        /expected .*float/,
      ],
      [
        run(
          elementwise((x) => op.slice(x, [[0, 1]]) as never),
          zeros([3, 2]),
        ),
        /elementwise: expected two tensors of one shape/,
      ],
    ],
  },
  { of: 'elementwise', with: 'an operation', layer: elementwise(op.exp), input: [3] },
  {
    of: 'concat',
    layer: join.concat as AnyLayer,
    input: { a: [2], b: [3] },
    golden: [
      {
        at: 'in the order of names',
        x: { a: [[1, 2]], b: [[3]] },
        value: [[1, 2, 3]],
        dy: [[4, 5, 6]],
        dx: { a: [[4, 5]], b: [[6]] },
      },
    ],
    errors: [
      [run(join.concat as AnyLayer, zeros([1, 2])), /concat: expected a record of tensors, got a tensor \[1, 2\]/],
      [run(join.concat as AnyLayer, { a: zeros([1, 2, 2]), b: zeros([1, 3, 2]) }), /concat: expected/],
    ],
  },
  {
    of: 'sum',
    layer: join.sum as AnyLayer,
    input: { a: [2], b: [2] },
    golden: [
      { at: 'two', x: { a: [[1, 2]], b: [[3, 4]] }, value: [[4, 6]], dy: [[5, 6]], dx: { a: [[5, 6]], b: [[5, 6]] } },
    ],
    errors: [
      [run(join.sum as AnyLayer, zeros([1, 2])), /sum: expected a record of tensors, got a tensor \[1, 2\]/],
      [run(join.sum as AnyLayer, { a: zeros([1, 2]), b: zeros([1, 3]) }), /expected two tensors of one shape/],
    ],
  },
  {
    of: 'product',
    layer: join.product as AnyLayer,
    input: { a: [2], b: [2], c: [2] },
    golden: [
      {
        at: 'with zeros',
        x: { a: [[1, 0]], b: [[3, 0]] },
        value: [[3, 0]],
        dy: [[5, 6]],
        dx: { a: [[15, 0]], b: [[5, 0]] },
      },
    ],
    errors: [
      [run(join.product as AnyLayer, zeros([1, 2])), /product: expected a record of tensors, got a tensor \[1, 2\]/],
      [run(join.product as AnyLayer, { a: zeros([1, 2]), b: zeros([1, 3]) }), /expected two tensors of one shape/],
    ],
  },
  {
    of: 'split',
    layer: split({ a: 2, b: 1 }) as AnyLayer,
    input: [3],
    golden: [
      {
        at: 'in the order of names',
        x: [[1, 2, 3]],
        value: { a: [[1, 2]], b: [[3]] },
        dy: { a: [[4, 5]], b: [[6]] },
        dx: [[4, 5, 6]],
      },
    ],
    errors: [
      [() => split({ a: 1.5 }), /split: expected a size for 'a', got 1.5/],
      [run(split({ a: 2, b: 1 }) as AnyLayer, zeros([1, 4])), /split: expected a last size of 3, got \[1, 4\]/],
    ],
  },
  {
    of: 'dropout',
    layer: dropout({ drop: 0.4 }),
    input: [2, 3],
    coupled: true,
    golden: [{ at: 'evaluation', mode: 'eval', x: [[1, 2]], value: [[1, 2]], dy: [[3, 4]], dx: [[3, 4]] }],
    errors: improper(dropout, 'dropout'),
  },
  {
    of: 'dropout',
    with: 'drop 1',
    layer: dropout({ drop: 1 }),
    input: [2],
    golden: [{ at: 'nothing is left', x: [[1, 2]], value: [[0, 0]], dy: [[3, 4]], dx: [[0, 0]] }],
  },
  {
    of: 'dropout',
    with: 'drop 0',
    layer: dropout({ drop: 0 }),
    input: [2],
    golden: [{ at: 'all is left', x: [[1, 2]], value: [[1, 2]], dy: [[3, 4]], dx: [[3, 4]] }],
  },
  {
    of: 'spatialDropout',
    layer: spatialDropout({ drop: 0.5 }),
    input: [2, 2, 3],
    coupled: true,
    errors: [
      ...improper(spatialDropout, 'spatialDropout'),
      [run(spatialDropout({ drop: 0.5 }), zeros([3])), /spatialDropout: expected at least 2 axes, got \[3\]/],
    ],
  },
  { of: 'spatialDropout', with: 'drop 1', layer: spatialDropout({ drop: 1 }), input: [1, 2, 3] },
  {
    of: 'alphaDropout',
    layer: alphaDropout({ drop: 0.3 }),
    input: [4],
    coupled: true,
    errors: improper(alphaDropout, 'alphaDropout'),
  },
  {
    of: 'alphaDropout',
    with: 'drop 1',
    layer: alphaDropout({ drop: 1 }),
    input: [2],
    golden: [{ at: 'nothing is left', x: [[1, 2]], value: [[0, 0]], dy: [[3, 4]], dx: [[0, 0]] }],
  },
  {
    of: 'batchNorm',
    layer: batchNorm(2),
    input: [2],
    least: 2,
    coupled: true,
    golden: [
      {
        at: 'first step',
        params: { scale: [1.5, -2], shift: [0.5, 1] },
        state: { mean: [0, 0], variance: [1, 1] },
        x: [
          [1, 20],
          [3, 10],
          [8, -6],
        ],
        value: [
          [-1.02857311423, -1.24126200518],
          [-0.00952437140878, 0.626456332469],
          [2.53809748564, 3.61480567271],
        ],
        next: { mean: [0.4, 0.8], variance: [2.2, 18.1] },
        dy: [
          [1, -2],
          [0.5, 3],
          [-1, 0.25],
        ],
        dx: [
          [-0.01633040057, 0.311286401825],
          [0.0228634426661, -0.505840381078],
          [-0.00653304209608, 0.194553979253],
        ],
        dparams: { scale: [-2.54762185704, -2.00779721298], shift: [0.5, 1.25] },
      },
      {
        at: 'second step',
        params: { scale: [1.5, -2], shift: [0.5, 1] },
        state: { mean: [0.4, 0.8], variance: [2.2, 18.1] },
        x: [
          [0.5, 2],
          [-1, 4],
          [2, 2.5],
        ],
        value: [
          [0.5, 2.96114777425],
          [-1.33711118339, -1.74560688395],
          [2.33711118339, 1.7844591097],
        ],
        next: { mean: [0.41, 1.00333333333333], variance: [2.205, 16.3983333333333] },
        dy: [
          [1, -2],
          [0.5, 3],
          [-1, 0.25],
        ],
        dx: [
          [1.02061732411, 1.0862378593],
          [-0.510302538391, 0.361968860258],
          [-0.510314785717, -1.44820671956],
        ],
        dparams: { scale: [-1.83711118339, 5.98150071147], shift: [0.5, 1.25] },
      },
      {
        at: 'third step',
        params: { scale: [1.5, -2], shift: [0.5, 1] },
        state: { mean: [0.41, 1.00333333333333], variance: [2.205, 16.3983333333333] },
        x: [
          [4, 1],
          [4, 1],
          [-2, 7],
        ],
        value: [
          [1.56065950887, 2.41421267849],
          [1.56065950887, 2.41421267849],
          [-1.62131901774, -1.82842535698],
        ],
        next: { mean: [0.569, 1.203], variance: [3.1845, 15.9585] },
        dy: [
          [1, -2],
          [0.5, 3],
          [-1, 0.25],
        ],
        dx: [
          [0.132582825307, 1.76776577446],
          [-0.13258205191, -1.76776592177],
          [-7.73396591815e-7, 1.47313636545e-7],
        ],
        dparams: { scale: [2.47487218736, -0.353553169623], shift: [0.5, 1.25] },
      },
      {
        at: 'evaluation',
        mode: 'eval',
        params: { scale: [1.5, -2], shift: [0.5, 1] },
        state: { mean: [0.569, 1.203], variance: [3.1845, 15.9585] },
        x: [
          [1, 20],
          [3, 10],
          [8, -6],
        ],
        value: [
          [0.862282387139, -8.41070949335],
          [2.54340715344, -3.40421404549],
          [6.74621906921, 4.6061786711],
        ],
        dy: [
          [1, -2],
          [0.5, 3],
          [-1, 0.25],
        ],
        dx: [
          [0.840562383153, 1.00129908957],
          [0.420281191576, -1.50194863436],
          [-0.840562383153, -0.125162386197],
        ],
        dparams: { scale: [-3.2414887369, -3.25516075901], shift: [0.5, 1.25] },
      },
    ],
    errors: [
      [
        run(named('B', batchNorm(2)), zeros([1, 2]), training),
        /batchNorm at B: expected at least two values for each channel in training, got \[1, 2\]; use larger minibatches, or layerNorm/,
      ],
      [
        run(batchNorm(2), zeros([0, 3, 3, 2]), training),
        /at least two values for each channel in training, got \[0, 3, 3, 2\]/,
      ],
      [run(named('B', batchNorm(2)), zeros([4, 3])), /batchNorm at B: expected \[batch, …, 2\], got \[4, 3\]/],
      [run(batchNorm(2), zeros([2])), /batchNorm: expected \[batch, …, 2\], got \[2\]/],
      [run(batchNorm(2), ints(4, 2)), /batchNorm: expected float32 or float64, got int32/],
      [run(batchNorm(2), zeros([4, 2], 'float64')), /batchNorm: expected one number format, got float64 and float32/],
      [() => batchNorm(-2), /batchNorm: expected whole sizes that are not negative, got \[-2\]/],
      [() => batchNorm(2, { momentum: 1.1 }), /batchNorm: expected a momentum from 0 to 1, got 1.1/],
      [() => batchNorm(2, { epsilon: -1 }), /batchNorm: expected an epsilon that is not negative, got -1/],
    ],
  },
  {
    of: 'batchNorm',
    with: 'images, momentum, epsilon',
    layer: batchNorm(2, { momentum: 0.3, epsilon: 1e-3 }),
    input: [2, 1, 2],
    least: 1,
    coupled: true,
    golden: [
      {
        at: 'images',
        params: { scale: [1, 1], shift: [0, 0] },
        state: { mean: [0, 0], variance: [1, 1] },
        x: shaped(flat, [2, 2, 1, 2]),
        value: shaped(
          [
            -0.928412664633, 1.36156652112, -0.185682532927, 0.293671210438, 1.67114279634, -1.41496128665,
            -0.55704759878, -0.240276444904,
          ],
          [2, 2, 1, 2],
        ),
        next: { mean: [1.05, 2.175], variance: [3.6, 35.775] },
        dy: shaped(dflat, [2, 2, 1, 2]),
        dx: shaped(
          [
            -0.188838700653, -0.185093983637, -0.112040753301, 0.279399405253, -0.0128871513854, -0.125398631507,
            0.31376660534, 0.0310932098908,
          ],
          [2, 2, 1, 2],
        ),
        dparams: { scale: [-3.806491925, -2.4361361775], shift: [2.5, 2.25] },
      },
    ],
  },
  {
    of: 'batchNorm',
    with: 'affine: false',
    layer: batchNorm(3, { affine: false }),
    input: [3],
    least: 2,
    coupled: true,
  },
  {
    of: 'syncBatchNorm',
    layer: syncBatchNorm(alike(2), 2),
    input: [2],
    least: 2,
    coupled: true,
    golden: [
      {
        at: 'two ranks with the rows of the first step of batchNorm each',
        params: { scale: [1.5, -2], shift: [0.5, 1] },
        state: { mean: [0, 0], variance: [1, 1] },
        x: [
          [1, 20],
          [3, 10],
          [8, -6],
        ],
        value: [
          [-1.02857311423, -1.24126200518],
          [-0.00952437140878, 0.626456332469],
          [2.53809748564, 3.61480567271],
        ],
        next: { mean: [0.4, 0.8], variance: [1.94, 14.66] },
        dy: [
          [1, -2],
          [0.5, 3],
          [-1, 0.25],
        ],
        dx: [
          [-0.01633040057, 0.311286401825],
          [0.0228634426661, -0.505840381078],
          [-0.00653304209608, 0.194553979253],
        ],
        dparams: { scale: [-2.54762185704, -2.00779721298], shift: [0.5, 1.25] },
      },
    ],
    errors: [
      [() => syncBatchNorm({} as never, 2), /^syncBatchNorm: expected a communicator, got an empty record/],
      [
        () => syncBatchNorm(alike(2), 2, { epsilon: -1 }),
        /batchNorm: expected an epsilon that is not negative, got -1/,
      ],
      [
        run(named('B', syncBatchNorm(alike(2), 2)), zeros([4, 3]), training),
        /syncBatchNorm at B: expected \[batch, …, 2\]/,
      ],
    ],
  },
  {
    of: 'layerNorm',
    layer: layerNorm(4),
    input: [4],
    golden: [
      {
        at: 'vectors',
        params: learned,
        x: pair,
        value: shaped(
          [
            -1.01351364952, -2.09429457236, -0.739940006433, -0.899099090032, 2.15414808591, 4.16445720783,
            -0.0479463213308, -0.73629523268,
          ],
          [2, 4],
        ),
        dy: dpair,
        dx: shaped(
          [
            0.105923098903, 0.0461131289488, -0.0703110620907, -0.0817251657616, -0.274892255817, -0.172606737392,
            0.357999199858, 0.0894997933512,
          ],
          [2, 4],
        ),
        dparams: { scale: [-2.11177449029, -3.48985172334, -0.465862645878, 1.13281499445], shift: [0, -1.75, 2.5, 4] },
      },
    ],
    errors: [
      [run(named('N', layerNorm(4)), zeros([4, 3])), /layerNorm at N: expected \[batch, …, 4\], got \[4, 3\]/],
      [run(layerNorm([2, 4]), zeros([2, 4])), /layerNorm: expected \[batch, …, 2, 4\], got \[2, 4\]/],
      [run(layerNorm(2), ints(4, 2)), /layerNorm: expected float32 or float64, got int32/],
      [() => layerNorm([2, -1]), /layerNorm: expected whole sizes that are not negative, got \[2, -1\]/],
      [() => layerNorm(2, { epsilon: Number.NaN }), /layerNorm: expected an epsilon that is not negative, got NaN/],
    ],
  },
  {
    of: 'layerNorm',
    with: 'two axes',
    layer: layerNorm([2, 2]),
    input: [3, 2, 2],
    golden: [
      {
        at: 'two axes',
        params: {
          scale: [
            [1, 1],
            [1, 1],
          ],
          shift: [
            [0, 0],
            [0, 0],
          ],
        },
        x: shaped(flat, [1, 2, 2, 2]),
        value: shaped(
          [
            -1.00900909968, 1.54714728618, -0.739940006433, 0.201801819936, 1.10276539061, -1.58222860392,
            -0.0479463213308, 0.527409534639,
          ],
          [1, 2, 2, 2],
        ),
        dy: shaped(dflat, [1, 2, 2, 2]),
        dx: shaped(
          [
            -0.0808120172573, -0.151884060785, -0.113075964638, 0.345772042681, -0.243258713108, -0.14086295566,
            0.273238921774, 0.110882746994,
          ],
          [1, 2, 2, 2],
        ),
        dparams: {
          scale: [
            [-2.11177449029, -3.48985172334],
            [-0.465862645878, 1.13281499445],
          ],
          shift: [
            [0, -1.75],
            [2.5, 4],
          ],
        },
      },
    ],
  },
  { of: 'layerNorm', with: 'affine: false', layer: layerNorm(3, { affine: false, epsilon: 0.1 }), input: [2, 3] },
  {
    of: 'rmsNorm',
    layer: rmsNorm(4, { epsilon: 1e-5 }),
    input: [4],
    golden: [
      {
        at: 'vectors',
        params: { scale: learned.scale },
        x: pair,
        value: shaped(
          [
            0.132842227622, -3.54245940324, 0.265684455243, 0.442807425405, 2.11308184757, 2.11308184757,
            0.352180307929, 0.440225384911,
          ],
          [2, 4],
        ),
        dy: dpair,
        dx: shaped(
          [
            0.115824531823, 0.0138920243542, -0.00677234485497, -0.0373347303634, -0.236834440348, -0.108520669931,
            0.359005505578, 0.105108071106,
          ],
          [2, 4],
        ),
        dparams: { scale: [-1.32015974663, -3.80659463419, 0.837202843479, 3.53729532225] },
      },
    ],
    errors: [
      [run(named('N', rmsNorm(4)), zeros([4, 3])), /rmsNorm at N: expected \[batch, …, 4\], got \[4, 3\]/],
      [() => rmsNorm(2.5), /rmsNorm: expected whole sizes that are not negative, got \[2.5\]/],
      [() => rmsNorm(2, { epsilon: -1 }), /rmsNorm: expected an epsilon that is not negative, got -1/],
    ],
  },
  { of: 'rmsNorm', with: 'two axes, affine: false', layer: rmsNorm([3, 2], { affine: false }), input: [3, 2] },
  {
    of: 'groupNorm',
    layer: groupNorm(2, 4),
    input: [2, 4],
    golden: [
      {
        at: 'two groups',
        params: learned,
        x: shaped(flat, [1, 2, 4]),
        value: shaped(
          [
            -0.242076752342, -1.96830700937, -0.648885343005, -0.188893321244, 0.851510040583, 3.44755139369,
            -0.973328014507, -1,
          ],
          [1, 2, 4],
        ),
        dy: shaped(dflat, [1, 2, 4]),
        dx: shaped(
          [
            0.135361146989, 0.114672174712, -0.194238713637, 0.100321111683, -0.280643141409, 0.0306098197075,
            0.296694271643, -0.202776669689,
          ],
          [1, 2, 4],
        ),
        dparams: { scale: [-0.72905786195, -3.27425093358, -2.27109870052, 4.86664007253], shift: [0, -1.75, 2.5, 4] },
      },
    ],
    errors: [
      [() => groupNorm(3, 4), /groupNorm: expected groups that divide 4 channels, got 3/],
      [() => groupNorm(0, 4), /groupNorm: expected groups that divide 4 channels, got 0/],
      [run(named('G', groupNorm(2, 4)), zeros([4, 3])), /groupNorm at G: expected \[batch, …, 4\], got \[4, 3\]/],
    ],
  },
  { of: 'groupNorm', with: 'images', layer: groupNorm(2, 4), input: [2, 2, 4] },
  { of: 'groupNorm', with: 'each channel, affine: false', layer: groupNorm(3, 3, { affine: false }), input: [3, 3] },
]

for (const entry of entries)
  t.test(`${entry.of}${entry.with === undefined ? '' : `, ${entry.with}`}`, async (t) => lawsOfEntry(t, entry))

t.test('every layer has an entry, with golden values and errors', async (t) => {
  const listed = [...new Set(entries.map(({ of }) => of))]
  t.same(
    [...listed, ...activations, ...sequences, ...further, ...weights, ...functions].sort(),
    exportedFrom(/^(layer|nn|combinator)\//),
  )
  const table = readFileSync(new URL('activations.ts', import.meta.url), 'utf8')
  for (const name of activations) t.match(table, new RegExp(`\\b${name}\\b`), `${name} is in the table of activations`)
  /** Those that take anything refuse nothing; what is random is judged by its statistics. */
  const [tolerant, random] = [['identity'], ['spatialDropout', 'alphaDropout']]
  for (const name of listed) {
    const own = entries.filter(({ of }) => of === name)
    t.ok(
      tolerant.includes(name) || own.some(({ errors }) => (errors?.length ?? 0) >= 2),
      `${name}: two errors at least`,
    )
    t.ok(random.includes(name) || own.some(({ golden }) => (golden?.length ?? 0) > 0), `${name}: golden values`)
  }
})
