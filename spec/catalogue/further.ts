// Layers that resize images and sequences, and a few others: the laws of every layer, and the numbers of PyTorch, which
// interop/layers.py wrote.
import { readFileSync } from 'node:fs'
import {
  type AnyLayer,
  type AnyTensor,
  adaptiveAvgPool2d,
  avgPool1d,
  bilinear,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  fromArray,
  getVectorSpace,
  globalMaxPool2d,
  highway,
  init,
  instanceNorm,
  key,
  maxout,
  maxPool1d,
  op,
  pad,
  predict,
  random,
  type Shape,
  separableConv2d,
  type Tensor,
  toArray,
  upsample,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import { type Entry, type Golden, goldenValues, lawsOfEntry } from '../law/entry.ts'
import { exportedFrom } from '../support/exported.ts'

const computed: Readonly<Record<string, Omit<Golden, 'at'>>> = JSON.parse(
  readFileSync(new URL('../interop/layers.json', import.meta.url), 'utf8'),
)
const run =
  (layer: AnyLayer, x: AnyTensor | object): (() => unknown) =>
  () =>
    predict(layer, init(layer, key(0)) as never, x as never)

const entries: readonly Entry[] = [
  {
    of: 'convTranspose2d',
    layer: convTranspose2d(2, 2, { kernel: 2, stride: 2, groups: 2 }),
    input: [2, 1, 2],
    errors: [
      [
        () => convTranspose2d(2, 3, { kernel: 2, groups: 2 as never }),
        /convTranspose2d: expected groups that divide 2 channels and 3 kernels, got 2/,
      ],
      [
        run(convTranspose2d(2, 1, { kernel: 2 }), zeros([1, 2, 2, 3])),
        /convTranspose2d: expected \[batch, any, any, 2\], got \[1, 2, 2, 3\]/,
      ],
      [
        () => convTranspose2d(1, 1, { kernel: 2, dilation: [1, 2], outputPadding: 1 as never }),
        /convTranspose2d: expected an output padding from 0, below the stride or the dilation, \[1, 2\], got 1/,
      ],
      [
        () => convTranspose2d(1, 1, { kernel: 2, padding: 'same' as never }),
        /convTranspose2d: expected a padding of whole numbers from 0, got 'same'/,
      ],
      [
        run(convTranspose2d(1, 1, { kernel: 2, padding: 2 }), zeros([1, 1, 1, 1])),
        /convTranspose2d: expected a padding that leaves something, got 2/,
      ],
      [() => convTranspose2d(1, 1, { kernel: 0 }), /convTranspose2d: expected a kernel of whole numbers from 1, got 0/],
    ],
  },
  {
    of: 'convTranspose1d',
    layer: convTranspose1d(1, 2, { kernel: 3, padding: 1 }),
    input: [2, 1],
    errors: [
      [
        run(convTranspose1d(2, 1, { kernel: 2 }), zeros([1, 2, 3])),
        /convTranspose1d: expected \[batch, any, 2\], got \[1, 2, 3\]/,
      ],
      [
        () => convTranspose1d(1, 1, { kernel: 2, stride: 0 }),
        /convTranspose1d: expected a stride that is a whole number from 1, got 0/,
      ],
    ],
  },
  {
    of: 'adaptiveAvgPool2d',
    layer: adaptiveAvgPool2d(2),
    input: [3, 2, 1],
    errors: [
      [() => adaptiveAvgPool2d(0), /adaptiveAvgPool2d: expected the size of the result, a whole number from 1/],
      [
        run(adaptiveAvgPool2d(1), zeros([1, 0, 2, 1])),
        /adaptiveAvgPool2d: expected at least one pixel, got \[1, 0, 2, 1\]/,
      ],
    ],
  },
  {
    of: 'upsample',
    layer: upsample(2, { mode: 'bilinear' }),
    input: [2, 1, 1],
    errors: [
      [() => upsample(1.5), /upsample: expected a factor, a whole number from 1 or two of them, got 1.5/],
      [
        () => upsample(2, { mode: 'cubic' as never }),
        /upsample: expected the mode 'nearest' or 'bilinear', got 'cubic'/,
      ],
    ],
  },
  {
    of: 'maxPool1d',
    layer: maxPool1d(2),
    input: [4, 1],
    errors: [
      [
        run(maxPool1d(3), zeros([1, 2, 1])),
        /maxPool1d: expected sequences, padding included, no smaller than the kernel \[3\], got \[1, 2, 1\]/,
      ],
      [() => maxPool1d(0), /maxPool1d: expected a kernel that is a whole number from 1, got 0/],
    ],
  },
  {
    of: 'avgPool1d',
    layer: avgPool1d(2, { stride: 1 }),
    input: [3, 1],
    errors: [
      [run(avgPool1d(3), zeros([1, 2, 1])), /avgPool1d: expected sequences, padding included/],
      [() => avgPool1d(0), /avgPool1d: expected a kernel that is a whole number from 1, got 0/],
      [() => avgPool1d(2, { size: 3 } as never), /options among stride, padding, dilation, countPadding, got 'size'/],
    ],
  },
  {
    of: 'separableConv2d',
    layer: separableConv2d(2, 1, { kernel: 2 }),
    input: [2, 2, 2],
    errors: [
      [() => separableConv2d(2, 1, { kernel: 0 }), /separableConv2d: expected a kernel of whole numbers from 1, got 0/],
      [() => separableConv2d(2, -1, { kernel: 1 }), /separableConv2d: expected whole sizes that are not negative/],
      [
        () => separableConv2d(2, 1, { kernel: 1, groups: 2 } as never),
        /separableConv2d: expected options among kernel, stride, padding, dilation, got 'groups'/,
      ],
    ],
  },
  {
    of: 'globalMaxPool2d',
    layer: globalMaxPool2d,
    input: [2, 2, 1],
    golden: [
      {
        at: 'two pixels',
        x: [
          [
            [
              [1, 4],
              [3, 2],
            ],
          ],
        ],
        value: [[3, 4]],
        dy: [[10, 20]],
        dx: [
          [
            [
              [0, 20],
              [10, 0],
            ],
          ],
        ],
      },
    ],
    errors: [
      [run(globalMaxPool2d, zeros([1, 0, 2, 1])), /expected at least one entry/],
      [run(globalMaxPool2d, zeros([1, 2])), /globalMaxPool2d: expected \[batch, any, any, any\], got \[1, 2\]/],
    ],
  },
  {
    of: 'instanceNorm',
    layer: instanceNorm(2, { affine: true }),
    input: [3, 2],
    errors: [
      [run(instanceNorm(2), zeros([1, 3, 3])), /instanceNorm: expected \[batch, …, 2\], got \[1, 3, 3\]/],
      [() => instanceNorm(2, { epsilon: -1 }), /instanceNorm: expected an epsilon that is not negative/],
    ],
  },
  {
    of: 'bilinear',
    layer: bilinear(1, 2, 2),
    input: { a: [1], b: [2] },
    errors: [
      [
        run(bilinear(2, 3, 4), { a: zeros([1, 2]), b: zeros([1, 2]) }),
        /bilinear at b: expected \[batch, 3\], got \[1, 2\]/,
      ],
      [() => bilinear(-1, 2, 3), /bilinear: expected whole sizes that are not negative/],
    ],
  },
  {
    of: 'highway',
    layer: highway(2, { activation: op.tanh }),
    input: [2],
    golden: [
      {
        at: 'a gate half open',
        params: {
          transform: {
            W: [
              [1, 0],
              [0, 1],
            ],
            b: [0, 0],
          },
          gate: {
            W: [
              [0, 0],
              [0, 0],
            ],
            b: [0, 0],
          },
        },
        x: [[0, 0]],
        value: [[0, 0]],
        dy: [[1, 2]],
        dx: [[1, 2]],
        dparams: {
          transform: {
            W: [
              [0, 0],
              [0, 0],
            ],
            b: [0.5, 1],
          },
          gate: {
            W: [
              [0, 0],
              [0, 0],
            ],
            b: [0, 0],
          },
        },
      },
    ],
    errors: [
      [run(highway(2), zeros([1, 3])), /highway: expected \[batch, 2\], got \[1, 3\]/],
      [
        () => highway(2, { activation: 'tanh' as never }),
        /highway: expected an activation, which is an operation, got 'tanh'/,
      ],
    ],
  },
  {
    of: 'maxout',
    layer: maxout(2),
    input: [4],
    golden: [{ at: 'ties', x: [[1, 3, 5, 5]], value: [[3, 5]], dy: [[10, 20]], dx: [[0, 10, 20, 0]] }],
    errors: [
      [() => maxout(0), /maxout: expected a number of pieces that is a whole number from 1, got 0/],
      [run(maxout(2), zeros([1, 3])), /maxout: expected features in pieces of 2, got \[1, 3\]/],
    ],
  },
  {
    of: 'pad',
    layer: pad([1, [0, 2]], -1),
    input: [1, 2],
    golden: [
      {
        at: 'an axis each',
        x: [[[5, 6]]],
        value: [
          [
            [-1, -1, -1, -1],
            [5, 6, -1, -1],
            [-1, -1, -1, -1],
          ],
        ],
        dy: [
          [
            [1, 2, 3, 4],
            [5, 6, 7, 8],
            [9, 10, 11, 12],
          ],
        ],
        dx: [[[5, 6]]],
      },
    ],
    errors: [
      [run(pad([1]), zeros([1, 2, 2])), /pad: expected examples of 1 axes, as many as widths, got \[1, 2, 2\]/],
      [
        () => pad([-1]),
        /pad: expected \[before, after\], or one number for both, for each axis of an example, got \[-1\]/,
      ],
      [() => pad(1 as never), /pad: expected a list of widths, one for each axis, got 1/],
    ],
  },
]

for (const entry of entries) t.test(entry.of, async (t) => lawsOfEntry(t, entry))

/** Layers whose golden values PyTorch computed, by the names of layers.json. */
const torch: Readonly<Record<string, AnyLayer>> = {
  convTranspose2d: convTranspose2d(4, 2, { kernel: [3, 2], stride: 2, padding: 1, outputPadding: [1, 0], groups: 2 }),
  convTranspose1d: convTranspose1d(3, 2, { kernel: 2, stride: 2, dilation: 3 }),
  causalConv1d: conv1d(2, 2, { kernel: 3, dilation: 2, padding: 'causal' }),
  adaptiveAvgPool2d: adaptiveAvgPool2d([2, 3]),
  nearest: upsample([2, 3]),
  bilinearUpsample: upsample([3, 2], { mode: 'bilinear' }),
  maxPool1d: maxPool1d(3, { stride: 2, padding: 1 }),
  avgPool1d: avgPool1d(3, { stride: 2, padding: 1 }),
  instanceNorm: instanceNorm(2, { affine: true }),
  bilinear: bilinear(2, 4, 3),
  separableConv2d: separableConv2d(2, 3, { kernel: [3, 2], stride: [2, 1], padding: 1 }),
}

t.test('as PyTorch computes them', async (t) => {
  for (const [name, layer] of Object.entries(torch))
    goldenValues(t, layer, { at: name, ...(computed[name] as Omit<Golden, 'at'>) })
})

t.test('a transposed convolution is the adjoint of the convolution', async (t) => {
  const normal = (seed: number, shape: Shape): Tensor => random.normal(key(seed), shape, 'float64')
  for (const options of [{ stride: 2 }, { padding: 1 }, { stride: 3, dilation: 2, padding: 1 }, { groups: 2 }]) {
    const [x, W] = [normal(1, [2, 8, 9, 4]), normal(2, [6, 3, 2, 4 / ('groups' in options ? 2 : 1)])]
    const convolved = (a: Tensor): Tensor =>
      op.conv2d(a as never, W as never, zeros([6], 'float64') as never, options as never) as Tensor
    const [y, back] = vjp(convolved)(x)
    const d = normal(3, y.shape)
    const sizes = (given: object): Shape =>
      op.convTranspose2d(d as never, W as never, zeros([4], 'float64') as never, given as never).shape
    const missing = [1, 2].map((i) => (x.shape[i] as number) - (sizes(options)[i] as number))
    const spread = op.convTranspose2d(
      d as never,
      W as never,
      zeros([4], 'float64') as never,
      {
        ...options,
        outputPadding: missing,
      } as never,
    ) as Tensor
    const V = getVectorSpace(x)
    t.ok(
      V.dot(V.concat(spread, V.inverse(back(d))), V.concat(spread, V.inverse(back(d)))) < 1e-20,
      JSON.stringify(options),
    )
  }
})

t.test('padding that is causal is for sequences', async (t) => {
  t.throws(
    () => conv2d(1, 1, { kernel: 2, padding: 'causal' as never }),
    /conv2d: expected a padding of whole numbers from 0/,
  )
  const layer = conv1d(1, 1, { kernel: 3, stride: 2, padding: 'causal' })
  t.same((predict(layer, init(layer, key(0)), zeros([1, 5, 1])) as Tensor).shape, [1, 3, 1])
})

t.test('every one of them has an entry, with golden values and two errors', async (t) => {
  t.same(
    [...new Set(entries.map(({ of }) => of))].sort(),
    exportedFrom(/^(nn\/(image|bilinear|highway|instanceNorm|maxout|pad)|combinator\/separableConv2d)/),
  )
  const named = [...Object.keys(torch), ...Object.values(torch).map(({ kind }) => kind)]
  for (const { of, golden = [], errors = [] } of entries) {
    t.ok(errors.length >= 2, `${of}: two errors at least`)
    t.ok(golden.length > 0 || named.includes(of), `${of}: golden values`)
  }
})

t.test('a pixel that is not finite spoils only those made of it', async (t) => {
  const spoiled = (layer: AnyLayer, shape: Shape, at: number): readonly number[] => {
    const x = fromArray(
      Array.from({ length: 24 }, (_, i) => (i === at ? Number.POSITIVE_INFINITY : i)),
      shape,
    )
    const y = toArray(predict(layer, init(layer, key(0)) as never, x as never) as Tensor)
    return y.flatMap((n, i) => (Number.isFinite(n) ? [] : [i]))
  }
  t.same(spoiled(upsample([1, 2]), [1, 4, 6, 1], 7), [14, 15], 'copies')
  t.same(spoiled(upsample([1, 2], { mode: 'bilinear' }), [1, 4, 6, 1], 7), [13, 14, 15, 16], 'two neighbors')
  t.same(spoiled(adaptiveAvgPool2d([2, 3]), [1, 4, 6, 1], 7), [0], 'sizes that divide')
  t.same(spoiled(adaptiveAvgPool2d([3, 4]), [1, 4, 6, 1], 7), [0, 1, 4, 5], 'windows that overlap')
})

t.test('an output padding below the dilation, and no entries', async (t) => {
  const x = zeros([1, 3, 1])
  const made = (layer: AnyLayer, from: Tensor): Shape =>
    (predict(layer, init(layer, key(0)) as never, from) as Tensor).shape
  t.same(made(convTranspose1d(1, 1, { kernel: 2, dilation: 2, outputPadding: 1 }), x as Tensor), [1, 6, 1])
  t.same(made(convTranspose1d(1, 1, { kernel: 2 }), zeros([1, 0, 1]) as Tensor), [1, 0, 1])
})
