// Writes the files of tfjs/: models that TensorFlow.js made and saved, and what they give for some examples. It is that of
// benchmarks/peer: npm run bench:install, then node spec/interop/tfjs.mjs
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const tf = createRequire(new URL('../../benchmarks/peer/', import.meta.url))('@tensorflow/tfjs')
await tf.setBackend('cpu')
const folder = new URL('tfjs/', import.meta.url)
mkdirSync(folder, { recursive: true })

const { layers } = tf
const moments = {
  movingMeanInitializer: 'randomNormal',
  movingVarianceInitializer: tf.initializers.randomUniform({ minval: 0.5, maxval: 2 }),
}
const images = tf.sequential({
  layers: [
    layers.conv2d({
      inputShape: [8, 8, 2],
      filters: 3,
      kernelSize: 3,
      activation: 'relu',
      padding: 'same',
      strides: 2,
    }),
    layers.batchNormalization({ ...moments, gammaInitializer: 'randomNormal', betaInitializer: 'randomNormal' }),
    layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, biasInitializer: 'randomNormal' }),
    layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
    layers.leakyReLU(),
    layers.prelu({ sharedAxes: [1, 2], alphaInitializer: 'randomNormal' }),
    layers.flatten(),
    layers.dropout({ rate: 0.5 }),
    layers.layerNormalization({ gammaInitializer: 'randomNormal' }),
    layers.dense({ units: 4, activation: 'softmax', useBias: false }),
  ],
})
const input = tf.input({ shape: [6, 3] })
const hidden = layers.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2, activation: 'elu' }).apply(input)
const flat = layers.flatten().apply(layers.activation({ activation: 'tanh' }).apply(hidden))
const sequences = tf.model({ inputs: input, outputs: layers.dense({ units: 2, activation: 'sigmoid' }).apply(flat) })

const mobile = tf.sequential({
  layers: [
    layers.zeroPadding2d({
      inputShape: [7, 6, 3],
      padding: [
        [0, 1],
        [2, 1],
      ],
    }),
    layers.separableConv2d({
      filters: 4,
      kernelSize: 3,
      strides: 2,
      activation: 'relu6',
      biasInitializer: 'randomNormal',
    }),
    layers.upSampling2d({ size: [2, 3] }),
    layers.maxPooling2d({ poolSize: [2, 1], strides: [1, 2], padding: 'same' }),
    layers.globalMaxPooling2d({}),
  ],
})
const steps = tf.sequential({
  layers: [
    layers.maxPooling1d({ inputShape: [7, 3], poolSize: 2, strides: 1, padding: 'same' }),
    layers.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' }),
    layers.reshape({ targetShape: [12] }),
    layers.softmax(),
  ],
})

const drawn = { kernelInitializer: 'randomNormal', biasInitializer: 'randomNormal' }
const sequence = { ...drawn, recurrentInitializer: 'randomNormal', returnSequences: true }
const tokens = tf.sequential({
  layers: [
    layers.embedding({ inputDim: 7, outputDim: 3, inputLength: 5, embeddingsInitializer: 'randomNormal' }),
    layers.bidirectional({ layer: layers.lstm({ ...sequence, units: 2 }), mergeMode: 'sum' }),
    layers.timeDistributed({ layer: layers.dense({ ...drawn, units: 3, activation: 'softmax' }) }),
    layers.spatialDropout1d({ rate: 0.5 }),
    layers.gru({ ...sequence, units: 4, returnSequences: false, activation: 'relu' }),
    layers.dense({ ...drawn, units: 2 }),
  ],
})
const recurrent = tf.sequential({
  layers: [
    layers.lstm({ ...sequence, inputShape: [4, 3], units: 3, recurrentActivation: 'sigmoid' }),
    layers.bidirectional({
      layer: layers.gru({ ...sequence, units: 2, recurrentActivation: 'sigmoid' }),
      mergeMode: 'concat',
    }),
    layers.bidirectional({ layer: layers.simpleRNN({ ...sequence, units: 4 }), mergeMode: 'ave' }),
    layers.bidirectional({ layer: layers.simpleRNN({ ...sequence, units: 4 }), mergeMode: 'mul' }),
    layers.dense({ ...drawn, units: 3, activation: 'tanh' }),
    layers.simpleRNN({ ...sequence, units: 3, activation: 'linear' }),
    layers.lstm({ ...sequence, units: 3, returnSequences: false, goBackwards: true, useBias: false }),
  ],
})
const enlarged = tf.sequential({
  layers: [
    layers.conv2dTranspose({ ...drawn, inputShape: [3, 2, 2], filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
    layers.conv2dTranspose({ ...drawn, filters: 2, kernelSize: [2, 4], strides: [3, 1], activation: 'tanh' }),
    layers.conv2dTranspose({ ...drawn, filters: 2, kernelSize: [1, 4], strides: [2, 2], padding: 'same' }),
  ],
})
const [left, right] = [tf.input({ shape: [4, 4, 2], name: 'left' }), tf.input({ shape: [3], name: 'right' })]
const block = layers.conv2d({ ...drawn, filters: 2, kernelSize: 3, padding: 'same' }).apply(left)
const sum = layers.activation({ activation: 'relu' }).apply(layers.add().apply([block, left]))
const both = [layers.multiply().apply([sum, block]), layers.average().apply([left, sum, block])]
const wide = layers.concatenate().apply([layers.maximum().apply(both), layers.minimum().apply(both), sum])
const vector = layers.globalAveragePooling2d({}).apply(wide)
const joined = layers.concatenate({ axis: 1 }).apply([vector, layers.dense({ ...drawn, units: 2 }).apply(right)])
const merged = tf.model({ inputs: [left, right], outputs: layers.dense({ ...drawn, units: 2 }).apply(joined) })
const residualInput = tf.input({ shape: [5] })
const inner = tf.sequential({ layers: [layers.dense({ ...drawn, inputShape: [5], units: 5, activation: 'tanh' })] })
const residual = tf.model({
  inputs: residualInput,
  outputs: layers.add().apply([inner.apply(residualInput), residualInput]),
})

const activationInput = tf.input({ shape: [6] })
const activations = tf.model({
  inputs: activationInput,
  outputs: layers
    .concatenate()
    .apply([
      ...['relu', 'relu6', 'sigmoid', 'tanh', 'selu', 'swish', 'gelu', 'gelu_new', 'mish', 'softsign', 'softmax']
        .concat(['logSoftmax', 'elu', 'softplus', 'linear'])
        .map((activation) => layers.activation({ activation }).apply(activationInput)),
      layers.reLU().apply(activationInput),
      layers.reLU({ maxValue: 6 }).apply(activationInput),
      layers.leakyReLU({ alpha: 0.1 }).apply(activationInput),
      layers.elu().apply(activationInput),
      layers.alphaDropout({ rate: 0.5 }).apply(activationInput),
    ]),
})

const base64 = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
const examples = {}
const normal = (shape) => tf.randomNormal(shape, 0, 1, 'float32', 7)
/** An example as it is written: the shape and the numbers of each input, by name if there are several. */
const written = (x) => ({ shape: x.shape, x: base64(x.dataSync()) })
for (const [name, model, x] of [
  ['images', images, normal([3, 8, 8, 2])],
  ['sequences', sequences, normal([3, 6, 3])],
  ['mobile', mobile, normal([2, 7, 6, 3])],
  ['steps', steps, normal([2, 7, 3])],
  ['tokens', tokens, tf.randomUniform([3, 5], 0, 7, 'int32', 7)],
  ['recurrent', recurrent, normal([3, 4, 3])],
  ['enlarged', enlarged, normal([2, 3, 2, 2])],
  ['merged', merged, { left: normal([2, 4, 4, 2]), right: normal([2, 3]) }],
  ['residual', residual, normal([2, 5])],
  ['activations', activations, normal([4, 6])],
]) {
  const isOne = x instanceof tf.Tensor
  const y = model.predict(isOne ? x : Object.values(x))
  const given = isOne
    ? written(x)
    : { inputs: Object.fromEntries(Object.entries(x).map(([input, one]) => [input, written(one)])) }
  examples[name] = { ...given, outputs: y.shape, y: base64(y.dataSync()) }
  await model.save({
    save: async ({ modelTopology, weightSpecs, weightData, ...about }) => {
      const weightsManifest = [{ paths: [`${name}.bin`], weights: weightSpecs }]
      writeFileSync(
        new URL(`${name}.json`, folder),
        `${JSON.stringify({ modelTopology, weightsManifest, ...about })}\n`,
      )
      writeFileSync(new URL(`${name}.bin`, folder), Buffer.from(weightData))
      return {}
    },
  })
}
writeFileSync(new URL('examples.json', folder), `${JSON.stringify(examples)}\n`)
