// The layers that normalize.
import type { LayerLayout, VariableLayout } from './layout.ts'

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

/** The variables of batch normalization, over one rank or all. */
const ofBatchNorm: LayerLayout['variables'] = [
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
]

export const normalizing: readonly LayerLayout[] = [
  {
    layer: 'batchNorm',
    torch: 'nn.BatchNorm1d, nn.BatchNorm2d',
    onnx: 'BatchNormalization',
    keras: 'BatchNormalization',
    variables: ofBatchNorm,
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
    layer: 'syncBatchNorm',
    torch: 'nn.SyncBatchNorm',
    onnx: 'BatchNormalization',
    keras: 'BatchNormalization, synchronized',
    variables: ofBatchNorm,
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
]
