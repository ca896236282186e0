// The layers made for sequences.
import type { Elsewhere, LayerLayout, VariableLayout } from './layout.ts'

const one = (name: string, axes: string, torch: string, keras?: Elsewhere): VariableLayout => ({
  name,
  of: 'params',
  axes,
  torch: { name: torch },
  ...(keras && { keras }),
})

/** The maps of the input and of the hidden state, with all gates one below the other in the order of PyTorch. */
const gates = (end: string, keras?: readonly (Elsewhere | undefined)[]): readonly VariableLayout[] => [
  one('input.W', 'gates in', `weight_ih${end}`, keras?.[0]),
  one('input.b', 'gates', `bias_ih${end}`, keras?.[1]),
  one('hidden.W', 'gates hidden', `weight_hh${end}`, keras?.[2]),
  one('hidden.b', 'gates', `bias_hh${end}`, keras?.[3]),
]

/** The variables in Keras, where one bias may serve both maps. */
const inKeras = (...biases: readonly string[]): readonly (Elsewhere | undefined)[] => {
  const [input, hidden] = biases.map((name) => ({ name }))
  return [{ name: 'kernel', axes: 'in gates' }, input, { name: 'recurrent_kernel', axes: 'hidden gates' }, hidden]
}

const recurrent = (
  layer: string,
  name: string,
  keras: readonly (Elsewhere | undefined)[],
  defaults?: LayerLayout['defaults'],
): readonly LayerLayout[] => [
  {
    layer,
    torch: `nn.${name} with batch_first=True`,
    onnx: name,
    keras: name === 'RNN' ? 'SimpleRNN' : name,
    variables: gates('_l0', keras),
    ...(defaults && { defaults }),
  },
  { layer: `${layer}Cell`, torch: `nn.${name}Cell`, variables: gates('') },
]

export const sequence: readonly LayerLayout[] = [
  {
    layer: 'embedding',
    torch: 'nn.Embedding',
    onnx: 'Gather',
    keras: 'Embedding',
    variables: [{ ...one('W', 'tokens features', 'weight'), onnx: { name: 'data' }, keras: { name: 'embeddings' } }],
    defaults: [{ of: 'first vectors', here: 'normal', torch: 'normal', keras: 'uniform' }],
  },
  {
    layer: 'learnedPosition',
    torch: 'nn.Embedding of places',
    variables: [one('W', 'steps features', 'weight')],
  },
  ...recurrent('rnn', 'RNN', inKeras('bias')),
  ...recurrent('gru', 'GRU', inKeras('bias[0]', 'bias[1]'), [
    { of: 'order of the gates', here: 'r z n', torch: 'r z n', keras: 'z r h' },
    {
      of: 'reset gate',
      here: 'after the product',
      torch: 'after the product',
      keras: 'reset_after: true; false in TensorFlow.js, with one bias',
    },
    { of: 'gates', here: 'sigmoid', torch: 'sigmoid', keras: 'sigmoid; hard_sigmoid in TensorFlow.js' },
  ]),
  ...recurrent('lstm', 'LSTM', inKeras('bias'), [
    { of: 'order of the gates', here: 'i f g o', torch: 'i f g o', keras: 'i f c o' },
    { of: 'gates', here: 'sigmoid', torch: 'sigmoid', keras: 'sigmoid; hard_sigmoid in TensorFlow.js' },
  ]),
  {
    layer: 'attention',
    torch: 'nn.MultiheadAttention with batch_first=True',
    keras: 'MultiHeadAttention',
    variables: [
      one('input.W', 'out in', 'in_proj_weight'),
      one('input.b', 'out', 'in_proj_bias'),
      one('output.W', 'out in', 'out_proj.weight'),
      one('output.b', 'out', 'out_proj.bias'),
    ],
  },
]
