// Linear maps, convolutions and slopes.
import type { LayerLayout, VariableLayout } from './layout.ts'

const bias = (torch: string, onnx: string, keras: string): VariableLayout => ({
  name: 'b',
  of: 'params',
  axes: 'out',
  torch: { name: torch },
  onnx: { name: onnx },
  keras: { name: keras },
})

/** A convolution that enlarges, whose kernels are those of the convolution that it transposes. */
const transposed = (layer: string, torch: string, keras: string, places: string): readonly LayerLayout[] => [
  {
    layer,
    torch,
    onnx: 'ConvTranspose',
    keras,
    variables: [
      {
        name: 'W',
        of: 'params',
        axes: `in ${places} out`,
        torch: { name: 'weight', axes: `in out ${places}` },
        onnx: { name: 'W', axes: `in out ${places}` },
        keras: { name: 'kernel', axes: `${places} out in` },
      },
      bias('bias', 'B', 'bias'),
    ],
  },
]

export const learned: readonly LayerLayout[] = [
  {
    layer: 'linear',
    torch: 'nn.Linear',
    onnx: 'Gemm with transB = 1; MatMul and Add',
    keras: 'Dense',
    variables: [
      {
        name: 'W',
        of: 'params',
        axes: 'out in',
        torch: { name: 'weight' },
        onnx: { name: 'B' },
        keras: { name: 'kernel', axes: 'in out' },
      },
      bias('bias', 'C', 'bias'),
    ],
    defaults: [{ of: 'first bias', here: 'uniform', torch: 'uniform', keras: 'zeros' }],
  },
  {
    layer: 'conv1d',
    torch: 'nn.Conv1d',
    onnx: 'Conv',
    keras: 'Conv1D',
    variables: [
      {
        name: 'W',
        of: 'params',
        axes: 'out length in',
        torch: { name: 'weight', axes: 'out in length' },
        onnx: { name: 'W', axes: 'out in length' },
        keras: { name: 'kernel', axes: 'length in out' },
      },
      bias('bias', 'B', 'bias'),
    ],
    defaults: [{ of: 'padding', here: '0', torch: '0', onnx: '0', keras: "'valid', which is 0" }],
  },
  {
    layer: 'conv2d',
    torch: 'nn.Conv2d',
    onnx: 'Conv',
    keras: 'Conv2D; DepthwiseConv2D where groups = in',
    variables: [
      {
        name: 'W',
        of: 'params',
        axes: 'out height width in',
        torch: { name: 'weight', axes: 'out in height width' },
        onnx: { name: 'W', axes: 'out in height width' },
        keras: { name: 'kernel', axes: 'height width in out' },
      },
      bias('bias', 'B', 'bias'),
    ],
    defaults: [{ of: 'padding', here: '0', torch: '0', onnx: '0', keras: "'valid', which is 0" }],
  },
  ...transposed('convTranspose1d', 'nn.ConvTranspose1d', 'Conv1DTranspose', 'length'),
  ...transposed('convTranspose2d', 'nn.ConvTranspose2d', 'Conv2DTranspose', 'height width'),
  {
    layer: 'bilinear',
    torch: 'nn.Bilinear',
    onnx: 'Reshape, MatMul and Add',
    variables: [
      { name: 'W', of: 'params', axes: 'out first second', torch: { name: 'weight' } },
      { name: 'b', of: 'params', axes: 'out', torch: { name: 'bias' } },
    ],
  },
  {
    layer: 'prelu',
    torch: 'nn.PReLU',
    onnx: 'PRelu',
    keras: 'PReLU',
    variables: [
      {
        name: 'a',
        of: 'params',
        axes: 'channels',
        torch: { name: 'weight' },
        onnx: { name: 'slope' },
        keras: { name: 'alpha' },
      },
    ],
    defaults: [{ of: 'first slope', here: '0.25', torch: '0.25', keras: '0' }],
  },
]
