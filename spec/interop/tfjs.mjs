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

const base64 = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
const examples = {}
for (const [name, model, shape] of [
  ['images', images, [3, 8, 8, 2]],
  ['sequences', sequences, [3, 6, 3]],
  ['mobile', mobile, [2, 7, 6, 3]],
  ['steps', steps, [2, 7, 3]],
]) {
  const x = tf.randomNormal(shape, 0, 1, 'float32', 7)
  const y = model.predict(x)
  examples[name] = { shape, x: base64(x.dataSync()), outputs: y.shape, y: base64(y.dataSync()) }
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
