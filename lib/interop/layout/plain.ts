// The layers without variables.
import type { LayerLayout } from './layout.ts'

const row = (layer: string, torch?: string, onnx?: string, keras?: string): LayerLayout => ({
  layer,
  ...(torch === undefined ? {} : { torch }),
  ...(onnx === undefined ? {} : { onnx }),
  ...(keras === undefined ? {} : { keras }),
})

const activations: readonly LayerLayout[] = [
  row('relu', 'nn.ReLU', 'Relu', "ReLU, 'relu'"),
  row('relu6', 'nn.ReLU6', 'Clip', "ReLU(max_value=6), 'relu6'"),
  row('sigmoid', 'nn.Sigmoid', 'Sigmoid', "'sigmoid'"),
  row('tanh', 'nn.Tanh', 'Tanh', "'tanh'"),
  row('selu', 'nn.SELU', 'Selu', "'selu'"),
  row('silu', 'nn.SiLU', 'Sigmoid and Mul', "'silu', 'swish'"),
  row('gelu', 'nn.GELU', 'Gelu, from opset 20; Erf', "'gelu'"),
  row('geluTanh', "nn.GELU(approximate='tanh')", "Gelu with approximate = 'tanh'", "'gelu_new' of TensorFlow.js"),
  row('mish', 'nn.Mish', 'Mish, from opset 18', "'mish'"),
  row('softsign', 'nn.Softsign', 'Softsign', "'softsign'"),
  row('logSigmoid', 'nn.LogSigmoid', 'Softplus and Neg', "'log_sigmoid'"),
  {
    ...row('hardsigmoid', 'nn.Hardsigmoid', 'HardSigmoid with alpha = 1/6', "'hard_sigmoid' of Keras 3"),
    defaults: [{ of: 'slope', here: '1/6', torch: '1/6', onnx: '0.2', keras: '1/6; 0.2 in Keras 2 and TensorFlow.js' }],
  },
  row('hardswish', 'nn.Hardswish', 'HardSwish', "'hard_swish'"),
  row('softmax', 'nn.Softmax(-1)', 'Softmax with axis = −1', "Softmax, 'softmax'"),
  row('logSoftmax', 'nn.LogSoftmax(-1)', 'LogSoftmax with axis = −1', "'log_softmax'"),
  row('softmaxAlong', 'nn.Softmax', 'Softmax', 'Softmax'),
  row('logSoftmaxAlong', 'nn.LogSoftmax', 'LogSoftmax'),
  {
    ...row('leakyRelu', 'nn.LeakyReLU', 'LeakyRelu', 'LeakyReLU'),
    defaults: [{ of: 'slope', here: '0.01', torch: '0.01', onnx: '0.01', keras: '0.3' }],
  },
  row('elu', 'nn.ELU', 'Elu', "ELU, 'elu'"),
  row('softplus', 'nn.Softplus', 'Softplus', "'softplus'"),
  row('hardtanh', 'nn.Hardtanh', 'Clip'),
]

export const plain: readonly LayerLayout[] = [
  row('maxPool2d', 'nn.MaxPool2d', 'MaxPool', 'MaxPooling2D'),
  {
    ...row('avgPool2d', 'nn.AvgPool2d', 'AveragePool', 'AveragePooling2D'),
    defaults: [
      { of: 'padding in the mean', here: 'counts', torch: 'counts', onnx: 'does not count', keras: 'does not count' },
    ],
  },
  row('maxPool1d', 'nn.MaxPool1d', 'MaxPool', 'MaxPooling1D'),
  row('avgPool1d', 'nn.AvgPool1d', 'AveragePool', 'AveragePooling1D'),
  row('globalMaxPool2d', 'nn.AdaptiveMaxPool2d(1)', 'GlobalMaxPool', 'GlobalMaxPooling2D'),
  row('adaptiveAvgPool2d', 'nn.AdaptiveAvgPool2d', 'Slice, ReduceSum, Mul and Concat'),
  row('upsample', 'nn.Upsample', 'Resize', 'UpSampling2D'),
  row('pad', 'nn.ZeroPad2d, nn.ConstantPad2d', 'Pad', 'ZeroPadding2D'),
  row('maxout', undefined, 'Reshape, ArgMax and GatherElements'),
  row('highway', undefined, 'Gemm, Sigmoid, Sub, Mul and Add'),
  row('globalAvgPool2d', 'nn.AdaptiveAvgPool2d(1)', 'GlobalAveragePool', 'GlobalAveragePooling2D'),
  {
    ...row('flatten', 'nn.Flatten', 'Flatten', 'Flatten'),
    defaults: [
      {
        of: 'order of an image',
        here: 'height width channels',
        torch: 'channels height width',
        onnx: 'channels height width',
        keras: 'height width channels',
      },
    ],
  },
  row('reshape', 'nn.Unflatten', 'Reshape', 'Reshape'),
  row('dropout', 'nn.Dropout', 'Dropout', 'Dropout'),
  row('spatialDropout', 'nn.Dropout2d', 'none: left out', 'SpatialDropout2D'),
  row('alphaDropout', 'nn.AlphaDropout', 'none: left out', 'AlphaDropout'),
  row('sinusoidalPosition', undefined, 'Add'),
  row('identity', 'nn.Identity', 'Identity', "Activation('linear')"),
  ...activations,
]
