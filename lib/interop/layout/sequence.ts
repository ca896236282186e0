// The layers made for sequences.
import type { Elsewhere, LayerLayout, VariableLayout } from './layout.ts'

const one = (name: string, axes: string, torch: string, onnx?: string, keras?: Elsewhere): VariableLayout => ({
  name,
  of: 'params',
  axes,
  torch: { name: torch },
  ...(onnx !== undefined && { onnx: { name: onnx } }),
  ...(keras && { keras }),
})

/** The inputs of ONNX's recurrent operators for one direction, and those of the products of one step. */
const ofSequence: readonly string[] = ['W[0]', 'B[0, :gates]', 'R[0]', 'B[0, gates:]']
const ofStep: readonly string[] = ['B', 'C', 'B', 'C']

/** The operators of ONNX that attention and blocks become. */
const products = 'Gemm, MatMul and Softmax; Attention between products, from opset 23'
const blocks = 'LayerNormalization, Gemm, MatMul, Softmax and Add'

/** The map of the results of all heads. */
const ofHeads: readonly VariableLayout[] = [
  one('output.W', 'out in', 'out_proj.weight', 'B'),
  one('output.b', 'out', 'out_proj.bias', 'C'),
]

/** The maps of the input and of the hidden state, with all gates one below the other in the order of PyTorch. */
const gates = (
  end: string,
  onnx: readonly string[],
  keras?: readonly (Elsewhere | undefined)[],
): readonly VariableLayout[] => [
  one('input.W', 'gates in', `weight_ih${end}`, onnx[0], keras?.[0]),
  one('input.b', 'gates', `bias_ih${end}`, onnx[1], keras?.[1]),
  one('hidden.W', 'gates hidden', `weight_hh${end}`, onnx[2], keras?.[2]),
  one('hidden.b', 'gates', `bias_hh${end}`, onnx[3], keras?.[3]),
]

/** The variables in Keras, where one bias may serve both maps. */
const inKeras = (...biases: readonly string[]): readonly (Elsewhere | undefined)[] => {
  const [input, hidden] = biases.map((name) => ({ name }))
  return [{ name: 'kernel', axes: 'in gates' }, input, { name: 'recurrent_kernel', axes: 'hidden gates' }, hidden]
}

const recurrent = (
  layer: string,
  name: string,
  step: string,
  keras: readonly (Elsewhere | undefined)[],
  defaults?: LayerLayout['defaults'],
): readonly LayerLayout[] => [
  {
    layer,
    torch: `nn.${name} with batch_first=True`,
    onnx: name,
    keras: name === 'RNN' ? 'SimpleRNN' : name,
    variables: gates('_l0', ofSequence, keras),
    ...(defaults && { defaults }),
  },
  { layer: `${layer}Cell`, torch: `nn.${name}Cell`, onnx: step, variables: gates('', ofStep) },
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
    onnx: 'Add',
    variables: [one('W', 'steps features', 'weight')],
  },
  ...recurrent('rnn', 'RNN', 'Gemm, Add and Tanh', inKeras('bias')),
  ...recurrent('gru', 'GRU', 'Gemm, Slice, Add, Sigmoid, Tanh, Sub and Mul', inKeras('bias[0]', 'bias[1]'), [
    { of: 'order of the gates', here: 'r z n', torch: 'r z n', onnx: 'z r h', keras: 'z r h' },
    {
      of: 'reset gate',
      here: 'after the product',
      torch: 'after the product',
      onnx: 'before it; after it with linear_before_reset = 1, the only one that is read',
      keras: 'reset_after: true; false in TensorFlow.js, with one bias',
    },
    {
      of: 'gates',
      here: 'sigmoid',
      torch: 'sigmoid',
      onnx: 'sigmoid',
      keras: 'sigmoid; hard_sigmoid in TensorFlow.js',
    },
  ]),
  ...recurrent('lstm', 'LSTM', 'Gemm, Add, Slice, Sigmoid, Tanh and Mul', inKeras('bias'), [
    { of: 'order of the gates', here: 'i f g o', torch: 'i f g o', onnx: 'i o f c', keras: 'i f c o' },
    {
      of: 'gates',
      here: 'sigmoid',
      torch: 'sigmoid',
      onnx: 'sigmoid',
      keras: 'sigmoid; hard_sigmoid in TensorFlow.js',
    },
  ]),
  {
    layer: 'attention',
    torch: 'nn.MultiheadAttention with batch_first=True',
    onnx: products,
    keras: 'MultiHeadAttention',
    variables: [
      one('input.W', 'out in', 'in_proj_weight', 'B'),
      one('input.b', 'out', 'in_proj_bias', 'C'),
      ...ofHeads,
    ],
  },
  {
    layer: 'crossAttention',
    torch: 'nn.MultiheadAttention with batch_first=True',
    onnx: products,
    keras: 'MultiHeadAttention',
    variables: [
      ...['query', 'key', 'value'].flatMap((name) => [
        {
          ...one(`${name}.W`, 'out in', 'in_proj_weight', 'B'),
          torch: { name: 'in_proj_weight', alone: `${name.slice(0, 1)}_proj_weight` },
        },
        one(`${name}.b`, 'out', 'in_proj_bias', 'C'),
      ]),
      ...ofHeads,
    ],
  },
  {
    layer: 'transformerEncoder',
    torch: 'nn.TransformerEncoderLayer with batch_first=True',
    onnx: blocks,
    parts: { attention: { torch: 'self_attn' } },
    defaults: [
      { of: 'norm', here: 'before each part', torch: 'after each sum' },
      { of: 'activation', here: 'gelu', torch: 'relu' },
      { of: 'drop', here: '0', torch: '0.1' },
      { of: 'hidden', here: '4 · width', torch: '2048' },
    ],
  },
  {
    layer: 'transformerDecoder',
    torch: 'nn.TransformerDecoderLayer with batch_first=True',
    onnx: blocks,
    parts: { attention: { torch: 'self_attn' }, cross: { torch: 'multihead_attn' } },
    defaults: [
      { of: 'causal', here: 'true', torch: 'what the masks say' },
      { of: 'others', here: 'as in transformerEncoder', torch: 'as in nn.TransformerEncoderLayer' },
    ],
  },
]
