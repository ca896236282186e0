// The layers made for sequences.
import type { LayerLayout, VariableLayout } from './layout.ts'

const one = (name: string, axes: string, torch: string): VariableLayout => ({
  name,
  of: 'params',
  axes,
  torch: { name: torch },
})

/** The maps of the input and of the hidden state, with all gates one below the other in the order of PyTorch. */
const gates = (end: string): readonly VariableLayout[] => [
  one('input.W', 'gates in', `weight_ih${end}`),
  one('input.b', 'gates', `bias_ih${end}`),
  one('hidden.W', 'gates hidden', `weight_hh${end}`),
  one('hidden.b', 'gates', `bias_hh${end}`),
]

const recurrent = (layer: string, name: string): readonly LayerLayout[] => [
  {
    layer,
    torch: `nn.${name} with batch_first=True`,
    onnx: name,
    keras: name === 'RNN' ? 'SimpleRNN' : name,
    variables: gates('_l0'),
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
  ...recurrent('rnn', 'RNN'),
  ...recurrent('gru', 'GRU'),
  ...recurrent('lstm', 'LSTM'),
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
