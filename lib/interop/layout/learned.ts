// The layers with variables.
import type { LayerLayout, VariableLayout } from './layout.ts'

const bias = (torch: string, onnx: string, keras: string): VariableLayout => ({
  name: 'b',
  of: 'params',
  axes: 'out',
  torch: { name: torch },
  onnx: { name: onnx },
  keras: { name: keras },
})

/** The factors and addends of a layer that normalizes. */
const scaleShift = (axes: string, elsewhere?: string): readonly VariableLayout[] => [
  {
    name: 'scale',
    of: 'params',
    axes,
    torch: { name: 'weight', axes: elsewhere },
    onnx: { name: 'scale', axes: elsewhere },
    keras: { name: 'gamma' },
  },
  {
    name: 'shift',
    of: 'params',
    axes,
    torch: { name: 'bias', axes: elsewhere },
    onnx: { name: 'B', axes: elsewhere },
    keras: { name: 'beta' },
  },
]

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
    variables: [
      { name: 'W', of: 'params', axes: 'out first second', torch: { name: 'weight' } },
      { name: 'b', of: 'params', axes: 'out', torch: { name: 'bias' } },
    ],
  },
  {
    layer: 'batchNorm',
    torch: 'nn.BatchNorm1d, nn.BatchNorm2d',
    onnx: 'BatchNormalization',
    keras: 'BatchNormalization',
    variables: [
      ...scaleShift('channels'),
      {
        name: 'mean',
        of: 'state',
        axes: 'channels',
        torch: { name: 'running_mean' },
        onnx: { name: 'input_mean' },
        keras: { name: 'moving_mean' },
      },
      {
        name: 'variance',
        of: 'state',
        axes: 'channels',
        torch: { name: 'running_var' },
        onnx: { name: 'input_var' },
        keras: { name: 'moving_variance' },
      },
    ],
    defaults: [
      { of: 'epsilon', here: '1e-5', torch: '1e-5', onnx: '1e-5', keras: '1e-3' },
      {
        of: 'momentum',
        here: '0.1, the share of the new',
        torch: '0.1, the share of the new',
        onnx: '0.9, the share of the old',
        keras: '0.99, the share of the old',
      },
      { of: 'running variance', here: 'unbiased', torch: 'unbiased', onnx: 'biased', keras: 'biased' },
    ],
  },
  {
    layer: 'layerNorm',
    torch: 'nn.LayerNorm',
    onnx: 'LayerNormalization, from opset 17',
    keras: 'LayerNormalization',
    variables: scaleShift('features'),
    defaults: [{ of: 'epsilon', here: '1e-5', torch: '1e-5', onnx: '1e-5', keras: '1e-3' }],
  },
  {
    layer: 'groupNorm',
    torch: 'nn.GroupNorm',
    onnx: 'GroupNormalization, from opset 21',
    keras: 'GroupNormalization',
    variables: scaleShift('channels'),
    defaults: [{ of: 'epsilon', here: '1e-5', torch: '1e-5', onnx: '1e-5', keras: '1e-3' }],
  },
  {
    layer: 'instanceNorm',
    torch: 'nn.InstanceNorm1d, nn.InstanceNorm2d',
    onnx: 'InstanceNormalization',
    keras: 'GroupNormalization(groups=-1)',
    variables: scaleShift('channels'),
    defaults: [{ of: 'scale and shift', here: 'none', torch: 'none', onnx: 'always', keras: 'always' }],
  },
  {
    layer: 'rmsNorm',
    torch: 'nn.RMSNorm',
    onnx: 'RMSNormalization, from opset 23',
    keras: 'RMSNormalization',
    variables: [
      {
        name: 'scale',
        of: 'params',
        axes: 'features',
        torch: { name: 'weight' },
        onnx: { name: 'scale' },
        keras: { name: 'scale' },
      },
    ],
    defaults: [
      {
        of: 'epsilon',
        here: 'that of the number format',
        torch: 'that of the number format',
        onnx: '1e-5',
        keras: '1e-6',
      },
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
