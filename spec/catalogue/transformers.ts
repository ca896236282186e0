// Blocks of transformers: the laws of every layer. Their numbers are in sequences.ts.
import {
  type AnyLayer,
  type AnyTensor,
  freeze,
  init,
  key,
  op,
  predict,
  tanh,
  transformerDecoder,
  transformerEncoder,
  zeros,
} from 'pullback'
import t from 'tap'
import { type Entry, lawsOfEntry } from '../law/entry.ts'
import { exportedFrom } from '../support/exported.ts'

const run =
  (layer: AnyLayer, x: AnyTensor | object): (() => unknown) =>
  () =>
    predict(layer, init(layer, key(0)) as never, x as never)

const entries: readonly Entry[] = [
  {
    of: 'transformerEncoder',
    few: true,
    with: 'post-norm, masked, dropout',
    layer: transformerEncoder(2, 1, { hidden: 1, norm: 'post', activation: tanh, masked: true, drop: 0.2 }) as AnyLayer,
    input: { input: [2, 2], mask: [2] },
    coupled: true,
    errors: [
      [() => transformerEncoder(4, 3 as never), /transformerEncoder: expected heads that divide a width of 4, got 3/],
      [() => transformerEncoder(4, 2, { hidden: 0 }), /transformerEncoder: expected a number of hidden units from 1/],
      [
        () => transformerEncoder(4, 2, { norm: 'both' as never }),
        /transformerEncoder: expected norm 'pre' or 'post', got 'both'/,
      ],
      [() => transformerEncoder(4, 2, { activation: op.relu as never }), /transformerEncoder: expected an activation/],
      [
        run(transformerEncoder(4, 2), zeros([1, 2, 6])),
        /transformerEncoder: expected \[batch, any, 4\], got \[1, 2, 6\]/,
      ],
      [run(transformerEncoder(4, 2), zeros([1, 0, 4])), /transformerEncoder: expected a sequence of at least one step/],
      [
        run(freeze(transformerEncoder(4, 2, { masked: true }) as AnyLayer), {
          input: zeros([2, 5, 4]),
          mask: zeros([2, 4]),
        }),
        /transformerEncoder at mask: expected \[2, 5\], a number .*, got \[2, 4\]/,
      ],
    ],
  },
  {
    of: 'transformerDecoder',
    few: true,
    with: 'masked',
    layer: transformerDecoder(2, 1, { hidden: 1, activation: tanh, masked: true, inputMasked: true }) as AnyLayer,
    input: { input: [2, 2], memory: [1, 2], mask: [1], inputMask: [2] },
    errors: [
      [() => transformerDecoder(4, 2, { drop: 2 }), /transformerDecoder: expected a probability from 0 to 1, got 2/],
      [
        () => transformerDecoder(4, 2, { layers: 2 } as never),
        /options among hidden, drop, norm, activation, masked, rotary, causal, inputMasked, got 'layers'/,
      ],
      [
        run(transformerDecoder(4, 2), { input: zeros([1, 2, 4]), memory: zeros([1, 0, 4]) }),
        /transformerDecoder at memory: expected a sequence of at least one step, got \[1, 0, 4\]/,
      ],
      [
        run(transformerDecoder(4, 2, { masked: true, inputMasked: true }), {
          input: zeros([1, 2, 4]),
          memory: zeros([1, 3, 4]),
          mask: zeros([1, 3]),
          inputMask: zeros([1, 3]),
        }),
        /transformerDecoder at inputMask: expected \[1, 2\], a number .*, got \[1, 3\]/,
      ],
      [
        run(transformerDecoder(4, 2, { masked: true }), {
          input: zeros([1, 2, 4]),
          memory: zeros([1, 3, 4]),
          mask: zeros([1, 2]),
        }),
        /transformerDecoder at mask: expected \[1, 3\], a number .*, got \[1, 2\]/,
      ],
    ],
  },
]

for (const entry of entries) t.test(`${entry.of}, ${entry.with}`, async (t) => lawsOfEntry(t, entry))

t.test('every block of a transformer has an entry', async (t) => {
  t.same(entries.map(({ of }) => of).sort(), exportedFrom(/^combinator\/sequence\/transformer/))
})
