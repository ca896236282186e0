// The layers of Keras one by one: what the table says of them, recurrences as Keras itself writes them, functional models,
// and what is refused.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type AnyTensor, fromNested, gradCheck, key, predict, random, type Tensor, toArray, toNested } from 'pullback'
import { fromTfjs, layouts } from 'pullback/interop'
import t from 'tap'
import { innermost } from '../../lib/interop/places.ts'
import { distance, interopFile } from '../support/interop.ts'
import { floats, type Json, model, spec } from '../support/tfjs.ts'

const right = (json: string, bytes: Uint8Array) => {
  const found = fromTfjs(json, bytes)
  if (found._tag === 'Left') throw found.left
  return found.right
}
/** What the first difference says, with its place. */
const reason = (
  layers: readonly Json[],
  ...rest: readonly [weights?: readonly object[], bytes?: Uint8Array]
): string => {
  const [weights = [], bytes = new Uint8Array()] = rest
  const found = fromTfjs(model({ class_name: 'Sequential', config: { layers } }, weights), bytes)
  return found._tag === 'Right' ? 'read' : (found.left.differences[0]?.message ?? found.left.message)
}
const numbers = (count: number, from = 1): readonly number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(from * 100 + 7 * i) / 2)

t.test('every layer that the table has in Keras is read, but for those that are named here', async (t) => {
  const folder = fileURLToPath(new URL('tfjs', import.meta.url))
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'examples.json')
  const kinds = names.flatMap((name) => {
    const json = new TextDecoder().decode(interopFile(`tfjs/${name}`))
    const { layer } = right(json, interopFile(`tfjs/${name.replace('json', 'bin')}`))
    return innermost(layer).map(({ layer }) => layer.kind)
  })
  const untried = layouts.filter(({ layer, keras }) => keras !== undefined && !kinds.includes(layer))
  t.same(
    untried.map(({ layer }) => layer),
    [
      ...[
        'convTranspose1d',
        'syncBatchNorm',
        'groupNorm',
        'instanceNorm',
        'rmsNorm',
        'gru',
        'attention',
        'crossAttention',
      ],
      ...['identity', 'logSigmoid', 'hardsigmoid', 'hardswish', 'softmaxAlong'],
    ],
    'TensorFlow.js makes none of these; identity is left out of a chain, and Softmax is read along the last axis',
  )
})

const [inputs, units] = [2, 3]
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
type Row = readonly number[]
const at = (rows: readonly Row[], i: number, j: number): number => (rows[i] as Row)[j] as number
const times = (x: Row, W: readonly Row[], j: number): number => x.reduce((sum, v, i) => sum + v * at(W, i, j), 0)
const matrix = (all: Row, width: number): readonly Row[] =>
  Array.from({ length: all.length / width }, (_, i) => all.slice(i * width, (i + 1) * width))

/** GRU with reset_after, after the documentation of Keras: gates z, r, h, and biases of both products. */
const gruOfKeras = (xs: readonly Row[], kernel: Row, recurrent: Row, bias: Row): Row => {
  const n = units
  const [K, R, B] = [matrix(kernel, 3 * n), matrix(recurrent, 3 * n), matrix(bias, 3 * n)] as const
  return xs.reduce<Row>(
    (h, x) =>
      h.map((before, j) => {
        const own = (gate: number) => times(x, K, gate * n + j) + at(B, 0, gate * n + j)
        const inner = (gate: number) => times(h, R, gate * n + j) + at(B, 1, gate * n + j)
        const [z, r] = [sigmoid(own(0) + inner(0)), sigmoid(own(1) + inner(1))]
        return z * before + (1 - z) * Math.tanh(own(2) + r * inner(2))
      }),
    new Array<number>(n).fill(0),
  )
}

const gru = (config: Json): Json => ({
  class_name: 'GRU',
  config: { name: 'g', units, reset_after: true, batch_input_shape: [null, 4, inputs], ...config },
})
const [kernel, recurrent, bias] = [numbers(18), numbers(27, 2), numbers(18, 3)]
const steps = matrix(numbers(8, 4), inputs)
const sequence = fromNested([steps as never]) as unknown as AnyTensor

t.test('a GRU with reset_after, whose weights are under its cell', async (t) => {
  const weights = [
    spec('m/g/gru_cell_3/kernel:0', [2, 9]),
    spec('m/g/gru_cell_3/recurrent_kernel:0', [3, 9]),
    spec('m/g/gru_cell_3/bias:0', [2, 9]),
  ]
  const json = model({ class_name: 'Sequential', config: { layers: [gru({})] } }, weights)
  const { layer, variables } = right(json, floats(...kernel, ...recurrent, ...bias))
  t.same(
    innermost(layer)
      .map(({ layer }) => layer.kind)
      .filter((kind) => kind !== 'input'),
    ['gru'],
  )
  const value = toArray(predict(layer, variables, sequence as never) as Tensor)
  t.ok(distance(value, gruOfKeras(steps, kernel, recurrent, bias)) < 1e-6)
})

t.test('a recurrence with other functions than ours has gradients', (t) => {
  const config = { units: 1, reset_after: false, activation: 'linear', recurrent_activation: 'hard_sigmoid', name: 'r' }
  const layers = [{ class_name: 'GRU', config: { ...config, return_sequences: true, batch_input_shape: [null, 2, 1] } }]
  const weights = [spec('r/kernel', [1, 3]), spec('r/recurrent_kernel', [1, 3]), spec('r/bias', [3])]
  const found = right(model({ class_name: 'Sequential', config: { layers } }, weights), floats(...numbers(9)))
  t.match(innermost(found.layer).at(-1)?.layer.kind, 'keras gru')
  const input = random.normal(key(2), [1, 2, 1])
  t.ok(gradCheck(found.layer as never, { ...found.variables, input } as never).pass)
  t.end()
})

t.test('a model within a graph, and images of any size that are enlarged', (t) => {
  const up = (name: string, source: string): Json => ({
    class_name: 'Conv2DTranspose',
    config: { name, filters: 1, kernel_size: 2, strides: 2, padding: 'same', use_bias: false },
    inbound_nodes: [[[source, 0, 0, {}]]],
  })
  const image = (name: string): Json => ({
    class_name: 'InputLayer',
    config: { name, batch_input_shape: [null, null, null, 1] },
    inbound_nodes: [],
  })
  const functional = (name: string, layers: readonly Json[], output: string): Json => ({
    class_name: 'Functional',
    config: { name, layers, input_layers: ['x', 0, 0], output_layers: [output, 0, 0] },
  })
  const inner = (name: string): Json => functional('inner', [image('x'), up(name, 'x')], name)
  const graph = (name: string, ...sources: readonly string[]): string =>
    model(
      functional(
        'outer',
        [
          image('x'),
          up('up', 'x'),
          { ...inner(name), inbound_nodes: [sources.map((source) => [source, 0, 0, {}])] },
          {
            class_name: 'Add',
            config: { name: 'sum' },
            inbound_nodes: [
              [
                ['up', 0, 0, {}],
                ['inner', 0, 0, {}],
              ],
            ],
          },
        ],
        'sum',
      ),
      [spec('up/kernel', [2, 2, 1, 1]), ...(name === 'up' ? [] : [spec(`${name}/kernel`, [2, 2, 1, 1])])],
    )
  const { layer, variables } = right(graph('in', 'x'), floats(1, 2, 3, 4, 10, 20, 30, 40))
  t.same(toNested(predict(layer, variables, fromNested([[[[1]]]]) as never) as Tensor), [
    [
      [[11], [22]],
      [[33], [44]],
    ],
  ])
  const wrong = (json: string): string => {
    const found = fromTfjs(json, floats(1, 2, 3, 4))
    return found._tag === 'Left' ? found.left.message : 'read'
  }
  t.match(wrong(graph('up', 'x')), /each name of a layer once, got 'up' twice/)
  t.match(wrong(graph('up', 'x', 'x')), /in entry 'modelTopology.config.layers\[2\]': expected 1 inputs, got 2/)
  t.end()
})

t.test('a pair of LSTM as Keras writes it is that of TensorFlow.js', async (t) => {
  const layers = (name: string): readonly Json[] => [
    {
      class_name: 'Bidirectional',
      config: {
        name: 'b',
        merge_mode: 'concat',
        batch_input_shape: [null, 4, 2],
        layer: { class_name: 'LSTM', config: { name, units: 1, return_sequences: true } },
      },
    },
  ]
  const weights = (cell: string): readonly object[] =>
    ['forward', 'backward'].flatMap((way) => [
      spec(`b/${way}_l/${cell}kernel`, [2, 4]),
      spec(`b/${way}_l/${cell}recurrent_kernel`, [1, 4]),
      spec(`b/${way}_l/${cell}bias`, [4]),
    ])
  const [plain, celled] = ['', 'lstm_cell/'].map((cell) => {
    const json = model({ class_name: 'Sequential', config: { layers: layers('l') } }, weights(cell))
    const { layer, variables } = right(json, floats(...numbers(32)))
    return toNested(predict(layer, variables, sequence as never) as Tensor)
  })
  t.same(plain, celled)
})

t.test('a transposed convolution of sequences is that of images of height 1', async (t) => {
  const made = (class_name: string, leading: readonly number[], padding: string): readonly number[] => {
    const config = {
      name: 'c',
      filters: 2,
      kernel_size: [...leading, 3],
      strides: [...leading, 2],
      padding,
      batch_input_shape: [null, ...leading, 4, 2],
    }
    const weights = [spec('c/kernel', [...leading, 3, 2, 2]), spec('c/bias', [2])]
    const json = model({ class_name: 'Sequential', config: { layers: [{ class_name, config }] } }, weights)
    const { layer, variables } = right(json, floats(...numbers(14)))
    const x = leading.length === 0 ? [steps] : [[steps]]
    return toArray(predict(layer, variables, fromNested(x as never) as never) as Tensor)
  }
  for (const padding of ['same', 'valid'])
    t.same(made('Conv1DTranspose', [], padding), made('Conv2DTranspose', [1], padding), padding)
})

t.test('what recurrences, wrappers and masks may not do', async (t) => {
  const named = (class_name: string, config: Json = {}): Json => ({
    class_name,
    config: { name: 'x', units: 1, input_dim: 2, output_dim: 2, filters: 1, kernel_size: 1, ...config },
  })
  const lstm = (config: Json = {}): Json => named('LSTM', config)
  const pair = (config: Json): Json => named('Bidirectional', { merge_mode: 'sum', layer: lstm(), ...config })
  const cases: readonly (readonly [Json, RegExp])[] = [
    [lstm({ return_state: true }), /expected the outputs alone, got return_state/],
    [lstm({ stateful: true }), /begins with zeros, got stateful/],
    [lstm({ time_major: true }), /the batch as the first axis, got time_major/],
    [lstm({ dropout: 0.2 }), /dropout 0, with which the model predicts the same, got 0\.2/],
    [lstm({ activation: 'gelu' }), /activation among linear, relu, .*, got "gelu"/],
    [lstm({ go_backwards: true, return_sequences: true }), /got go_backwards/],
    [lstm({ units: 0 }), /units, a whole number from 1/],
    [pair({ merge_mode: null }), /merge_mode among concat, sum, ave, mul, got null/],
    [pair({ layer: lstm({ go_backwards: true }) }), /goes forward, got go_backwards/],
    [pair({ backward_layer: lstm() }), /one layer for both directions/],
    [pair({ layer: named('Dense') }), /SimpleRNN, GRU or LSTM in both directions, got Dense/],
    [pair({ layer: null }), /a layer \{ class_name, config \} with a name, got null/],
    [named('Embedding', { mask_zero: true }), /a model without masks .* got mask_zero/],
    [named('Masking'), /a model without masks .* got Masking/],
    [named('TimeDistributed', { layer: named('Flatten') }), /a layer whose input is known/],
    [named('TimeDistributed', { layer: named('Dot') }), /a layer of the catalogue, got Dot/],
    [named('Conv2DTranspose', { dilation_rate: 2 }), /dilation_rate 1/],
    [named('Conv2DTranspose', { output_padding: 1 }), /no output_padding/],
    [named('Concatenate', { axis: 0 }), /an axis other than the batch, got 0/],
    [named('Concatenate', { axis: 3, batch_input_shape: [null, 2] }), /several inputs, got 1/],
    [named('Add'), /several inputs, got 1/],
  ]
  for (const [layer, expected] of cases) {
    t.match(reason([layer]), expected)
    t.match(reason([layer]), /\(modelTopology\.config\.layers\[0\]\)$/)
  }
  t.match(
    reason(
      [lstm({ batch_input_shape: [null, 3] })],
      [spec('x/kernel', [2, 4]), spec('x/recurrent_kernel', [1, 4]), spec('x/bias', [4])],
      floats(...numbers(16)),
    ),
    /expected 2 axes with 2 channels/,
  )
})

t.test('TimeDistributed of a layer for any shape, whose shape the model tells', async (t) => {
  const config = {
    name: 't',
    batch_input_shape: [null, 2, 3, 1],
    layer: { class_name: 'Flatten', config: { name: 'f' } },
  }
  const layers = [{ class_name: 'TimeDistributed', config }]
  const { layer, variables } = right(model({ class_name: 'Sequential', config: { layers } }), new Uint8Array())
  t.same(
    toNested(
      predict(
        layer,
        variables,
        fromNested([
          [
            [[1], [2], [3]],
            [[4], [5], [6]],
          ],
        ]) as never,
      ) as Tensor,
    ),
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  )
  t.match(
    reason([{ class_name: 'TimeDistributed', config: { ...config, batch_input_shape: [null, 2] } }]),
    /expected a sequence, got \[2\]/,
  )
})
