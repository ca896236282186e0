// Layers of sequences: the laws of every layer, and the numbers of PyTorch, which interop/layers.py wrote.
import { readFileSync } from 'node:fs'
import {
  type AnyLayer,
  type AnyTensor,
  attention,
  crossAttention,
  type DType,
  embedding,
  fromNested,
  gru,
  gruCell,
  init,
  int,
  key,
  learnedPosition,
  lstm,
  lstmCell,
  type Nested,
  op,
  type Port,
  predict,
  relu,
  rnn,
  rnnCell,
  type Shape,
  sinusoidalPosition,
  toNested,
  transformerDecoder,
  transformerEncoder,
  zeros,
} from 'pullback'
import t from 'tap'
import { type Entry, type Golden, goldenValues, lawsOfEntry } from '../law/entry.ts'
import { exportedFrom } from '../support/exported.ts'

const computed: Readonly<Record<string, Omit<Golden, 'at'>>> = JSON.parse(
  readFileSync(new URL('../interop/layers.json', import.meta.url), 'utf8'),
)
const torch = (name: string): Golden => ({ at: `${name} of PyTorch`, ...(computed[name] as Omit<Golden, 'at'>) })

const run =
  (layer: AnyLayer, x: AnyTensor | object): (() => unknown) =>
  () =>
    predict(layer, init(layer, key(0)) as never, x as never)
const ints = (rows: Nested) => fromNested(rows, 'int32')

const masked = (shape: Shape, dtype: DType = 'float32') =>
  run(gru(2, 3, { masked: true }), { input: zeros([2, 4, 2]), mask: zeros(shape, dtype) })
const carried = (carry: AnyTensor) => run(gru(2, 3, { carry: 'in' }), { input: zeros([2, 4, 2]), carry })

const entries: readonly Entry[] = [
  {
    of: 'embedding',
    layer: embedding(3, 2),
    input: int([2]) as Port,
    golden: [
      {
        at: 'a token twice',
        params: {
          W: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
        x: ints([[2, 2]]),
        value: [
          [
            [5, 6],
            [5, 6],
          ],
        ],
        dy: [
          [
            [1, 2],
            [10, 20],
          ],
        ],
        dx: [[0, 0]],
        dparams: {
          W: [
            [0, 0],
            [0, 0],
            [11, 22],
          ],
        },
      },
    ],
    errors: [
      [run(embedding(3, 2), ints([[0, 3]])), /embedding: expected tokens from 0 to 2, got 3 at index \[0, 1\]/],
      [run(embedding(3, 2), zeros([1, 2])), /embedding: expected labels or indices in int32, got float32/],
      [() => embedding(3, 2, { padding: 3 }), /embedding: expected a padding token from 0 to 2, got 3/],
      [() => embedding(0, 2), /embedding: expected a number of tokens from 1, got 0/],
    ],
  },
  { of: 'embedding', with: 'padding', layer: embedding(3, 2, { padding: 1 }), input: int([2]) as Port },
  {
    of: 'gru',
    layer: gru(1, 2),
    input: [2, 1],
    errors: [
      [run(gru(2, 3), zeros([1, 0, 2])), /gru: expected a sequence of at least one step, got \[1, 0, 2\]/],
      [run(gru(2, 3), zeros([1, 4, 3])), /gru: expected \[batch, any, 2\], got \[1, 4, 3\]/],
      [() => gru(2, 0), /gru: expected a number of hidden units from 1, got 0/],
      [() => gru(2, 3, { outputs: 'first' as never }), /gru: expected outputs 'all' or 'last', got 'first'/],
      [() => gru(2, 3, { carry: 'on' as never }), /gru: expected carry 'in', 'out', 'both' or 'none', got 'on'/],
      [() => gru(2, 3, { layers: 0 }), /gru: expected a number of layers that is a whole number from 1, got 0/],
      [() => gru(2, 3, { layers: 2, drop: 2 }), /gru: expected a probability from 0 to 1, got 2/],
      [() => gru(2, 3, { drop: 0.5 }), /gru: expected several layers for dropout between them, got one; put a dropout/],
      [() => gru(2, 3, { reverse: true, bidirectional: true }), /expected one of reverse and bidirectional, got both/],
      [run(gru(2, 3), zeros([1, 4, 2], 'int32')), /gru: expected float32 or float64, got int32/],
    ],
  },
  {
    of: 'gru',
    with: 'mask',
    layer: gru(1, 1, { masked: true }),
    input: { input: [2, 1], mask: [2] },
    few: true,
    errors: [
      [
        masked([2, 5]),
        /gru at mask: expected \[2, 4\], a number for each step of sequences \[2, 4, 2\], got \[2, 5\]; a mask is 1 at/,
      ],
      [masked([2, 3]), /gru at mask: expected \[2, 4\], .* got \[2, 3\]/],
      [masked([3, 4]), /gru at mask: expected 2 examples, as 'input' has, got \[3, 4\] \[batch-mismatch\]/],
      [
        masked([2, 4], 'int32'),
        /gru at mask: expected float32, as the sequences are, got int32; .*op\.cast\(mask, 'floa/,
      ],
      [masked([2, 4], 'float64'), /gru at mask: expected float32, as the sequences are, got float64/],
    ],
  },
  {
    of: 'gru',
    with: 'carry',
    layer: gru(1, 1, { carry: 'both' }),
    input: { input: [2, 1], carry: [1] },
    few: true,
    errors: [
      [carried(zeros([5, 3])), /gru at carry: expected 2 examples, as 'input' has, got \[5, 3\]/],
      [carried(zeros([2, 4])), /gru at carry: expected \[batch, 3\], got \[2, 4\]/],
      [carried(zeros([2, 3], 'float64')), /gru at carry: expected one number format, got float32 and float64/],
      [
        run(gruCell(2, 3), { input: zeros([2, 2]), carry: zeros([5, 3]) }),
        /gruCell at carry: expected 2 examples, as 'input' has, got \[5, 3\]/,
      ],
    ],
  },
  { of: 'gru', with: 'reverse, last', layer: gru(1, 2, { reverse: true, outputs: 'last' }), input: [2, 1], few: true },
  {
    of: 'lstm',
    layer: lstm(2, 1),
    input: [2, 2],
    errors: [
      [run(lstm(2, 3), zeros([1, 0, 2])), /lstm: expected a sequence of at least one step/],
      [run(lstm(2, 3), zeros([1, 2])), /lstm: expected \[batch, any, 2\], got \[1, 2\]/],
    ],
  },
  {
    of: 'rnn',
    layer: rnn(1, 2),
    input: [2, 1],
    errors: [
      [run(rnn(2, 3), zeros([1, 0, 2])), /rnn: expected a sequence of at least one step/],
      [() => rnn(2, 3, { mask: true } as never), /rnn: expected options among outputs, reverse, .*, carry, got 'mask'/],
    ],
  },
  {
    of: 'rnn',
    with: 'mask, layers, dropout, carry',
    layer: rnn(1, 1, { masked: true, layers: 2, drop: 0.5, carry: 'out' }),
    input: { input: [2, 1], mask: [2] },
    few: true,
    coupled: true,
  },
  ...[
    ['rnnCell', rnnCell(1, 2), [2]] as const,
    ['gruCell', gruCell(1, 2), [2]] as const,
    ['lstmCell', lstmCell(1, 2), { h: [2], c: [2] }] as const,
  ].map(
    ([of, layer, carry]): Entry => ({
      of,
      layer: layer as AnyLayer,
      input: { input: [1], carry } as Port,
      errors: [
        [run(layer as AnyLayer, zeros([2, 1])), new RegExp(`${of}: expected an input with the names input, carry`)],
        [run(layer as AnyLayer, { input: zeros([2, 3]), carry: zeros([2, 2]) }), /expected \[batch, 1\], got \[2, 3\]/],
      ],
    }),
  ),
  {
    of: 'attention',
    layer: attention(2, 2, { causal: true }),
    input: [2, 2],
    errors: [
      [() => attention(4, 3 as never), /attention: expected heads that divide a width of 4, got 3/],
      [run(attention(4, 2), zeros([1, 2, 6])), /attention: expected \[batch, any, 4\], got \[1, 2, 6\]/],
      [run(attention(4, 2, { masked: true }), zeros([1, 2, 4])), /an input with the names input, mask/],
      [run(attention(4, 2), zeros([1, 0, 4])), /attention: expected a sequence of at least one step, got \[1, 0, 4\]/],
      [
        run(attention(4, 2, { masked: true }), { input: zeros([1, 0, 4]), mask: zeros([1, 0]) }),
        /attention: expected a sequence of at least one step, got \[1, 0, 4\]/,
      ],
      [
        run(attention(4, 2, { masked: true }), { input: zeros([2, 5, 4]), mask: zeros([2, 4]) }),
        /attention at mask: expected \[2, 5\], a number for each step of sequences \[2, 5, 4\], got \[2, 4\]; a mask is 1/,
      ],
      [
        run(attention(4, 2, { masked: 'pairs' }), { input: zeros([2, 5, 4]), mask: zeros([2, 4, 5]) }),
        /at mask: expected \[2, 5, 5\], a number for each step that looks and each of sequences \[2, 5, 4\], got \[2, 4, 5\]/,
      ],
      [
        run(attention(4, 2, { masked: true }), { input: zeros([1, 2, 4]), mask: zeros([1, 2], 'float64') }),
        /attention at mask: expected float32, as the sequences are, got float64; convert it/,
      ],
      [() => attention(4, 2, { drop: 2 }), /attention: expected a probability from 0 to 1, got 2/],
    ],
  },
  {
    of: 'attention',
    with: 'masked, causal',
    layer: attention(2, 1, { masked: true, causal: true }) as AnyLayer,
    input: { input: [2, 2], mask: [2] },
    few: true,
  },
  { of: 'attention', with: 'rotary', layer: attention(3, 1, { rotary: true }), input: [2, 3], few: true },
  {
    of: 'crossAttention',
    layer: crossAttention(2, 1, { memory: 1 }),
    input: { input: [1, 2], memory: [2, 1] },
    errors: [
      [() => crossAttention(4, 8 as never), /crossAttention: expected heads that divide a width of 4, got 8/],
      [
        run(crossAttention(2, 1), { input: zeros([1, 2, 2]), memory: zeros([1, 3, 1]) }),
        /expected \[batch, any, 2\], got \[1, 3, 1\]/,
      ],
      [
        run(crossAttention(2, 1), { input: zeros([2, 4, 2]), memory: zeros([5, 3, 2]) }),
        /crossAttention at memory: expected 2 examples, as 'input' has, got \[5, 3, 2\] \[batch-mismatch\]/,
      ],
      [
        run(crossAttention(2, 1), { input: zeros([1, 0, 2]), memory: zeros([1, 3, 2]) }),
        /crossAttention at input: expected a sequence of at least one step, got \[1, 0, 2\]/,
      ],
      [
        run(crossAttention(2, 1), { input: zeros([1, 3, 2]), memory: zeros([1, 0, 2]) }),
        /crossAttention at memory: expected a sequence of at least one step, got \[1, 0, 2\]/,
      ],
      [
        run(crossAttention(2, 1, { masked: true }), {
          input: zeros([1, 3, 2]),
          memory: zeros([1, 4, 2]),
          mask: zeros([1, 3]),
        }),
        /crossAttention at mask: expected \[1, 4\], a number .*, got \[1, 3\]/,
      ],
      [
        run(crossAttention(2, 1, { masked: 'pairs' }), {
          input: zeros([1, 3, 2]),
          memory: zeros([1, 4, 2]),
          mask: zeros([1, 4, 3]),
        }),
        /crossAttention at mask: expected \[1, 3, 4\], a number .*, got \[1, 4, 3\]/,
      ],
    ],
  },
  {
    of: 'crossAttention',
    with: 'masked, causal, dropout',
    layer: crossAttention(1, 1, { masked: true, causal: true, drop: 0.2 }) as AnyLayer,
    input: { input: [1, 1], memory: [2, 1], mask: [2] },
    few: true,
    coupled: true,
  },
  {
    of: 'sinusoidalPosition',
    layer: sinusoidalPosition,
    input: [2, 3],
    golden: [
      {
        at: 'two places',
        x: [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        value: [
          [
            [0, 1],
            [Math.sin(1), Math.cos(1)],
          ],
        ],
        dy: [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        dx: [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      },
    ],
    errors: [
      [run(sinusoidalPosition, zeros([2, 3])), /sinusoidalPosition: expected sequences \[batch, steps, features\]/],
      [run(sinusoidalPosition, zeros([1, 0, 3])), /sinusoidalPosition: expected a sequence of at least one step, got/],
      [run(sinusoidalPosition, zeros([1, 2, 3], 'int32')), /float32 or float64, got int32/],
    ],
  },
  {
    of: 'learnedPosition',
    layer: learnedPosition(3, 2),
    input: [2, 2],
    golden: [
      {
        at: 'one place of two',
        params: {
          W: [
            [1, 2],
            [3, 4],
          ],
        },
        x: [[[10, 20]]],
        value: [[[11, 22]]],
        dy: [[[5, 6]]],
        dx: [[[5, 6]]],
        dparams: {
          W: [
            [5, 6],
            [0, 0],
          ],
        },
      },
    ],
    errors: [
      [run(learnedPosition(3, 2), zeros([1, 4, 2])), /learnedPosition: expected sequences of at most 3 steps/],
      [run(learnedPosition(3, 2), zeros([1, 0, 2])), /learnedPosition: expected a sequence of at least one step/],
      [run(learnedPosition(3, 2), zeros([1, 2, 3])), /learnedPosition: expected \[batch, any, 2\]/],
    ],
  },
]

for (const entry of entries)
  t.test(`${entry.of}${entry.with === undefined ? '' : `, ${entry.with}`}`, async (t) => lawsOfEntry(t, entry))

t.test('as PyTorch computes them', async (t) => {
  const of: Readonly<Record<string, AnyLayer>> = {
    rnn: rnn(2, 3),
    gru: gru(2, 3),
    lstm: lstm(2, 3),
    attention: attention(4, 2),
    causal: attention(4, 2, { causal: true }),
    encoder: transformerEncoder(4, 2, { hidden: 5, activation: relu }),
    encoderPost: transformerEncoder(4, 2, { hidden: 5, activation: relu, norm: 'post' }),
    decoder: transformerDecoder(4, 2, { hidden: 5, activation: relu }),
    masked: attention(4, 2, { masked: true, causal: true }) as AnyLayer,
    cross: crossAttention(4, 2, { memory: 3, masked: true }) as AnyLayer,
    crossPairs: crossAttention(4, 2, { memory: 3, masked: 'pairs' }) as AnyLayer,
    decoderMasked: transformerDecoder(4, 2, {
      hidden: 5,
      activation: relu,
      norm: 'post',
      masked: true,
      causal: false,
    }) as AnyLayer,
  }
  for (const [name, layer] of Object.entries(of)) goldenValues(t, layer, torch(name))
})

t.test('a padding token counts as zeros, and its neighbors do not', async (t) => {
  const count = 2 ** 24 + 2
  const W = zeros([count, 1])
  const large = embedding(count, 1, { padding: 2 ** 24 + 1 })
  const ofOnes = large.apply(
    { W: op.shift(W, 1) } as never,
    {},
    { mode: 'eval' },
    ints([[2 ** 24, 2 ** 24 + 1]]) as never,
  )
  t.same(toNested(ofOnes.value as never), [[[1], [0]]])
})

t.test('a padding token counts as zeros', async (t) => {
  const layer = embedding(3, 2, { padding: 1 })
  const [row] = toNested(
    predict(layer, init(layer, key(0)), ints([[1, 2]]) as never) as never,
  ) as unknown as number[][][]
  t.same(row?.[0], [0, 0])
  t.not(row?.[1]?.[0], 0)
})

t.test('every layer of sequences has an entry', async (t) => {
  const here = [...new Set(entries.map(({ of }) => of))]
  t.same(here.sort(), exportedFrom(/^nn\/sequence/))
})
