// TensorFlow.js: MANIFEST WORKLOAD THREADS BACKEND, for the backend wasm or cpu. It has no float64.
import { serve } from '../support/protocol.ts'
import { howToInstall, layersOf, oneHot, optional, permuted, readWorkload, versionOf } from './workload.mjs'

const [manifest, name, , backend] = process.argv.slice(2)
const self = `tfjs-${backend}`
const workload = readWorkload(manifest, name)

const absent = (reason) => serve({ name: self, absent: reason })

const perceptron = (tf, { layers, variables }) => {
  const last = layers.length - 1
  return (x) =>
    layers.reduce((h, layer, i) => {
      const z = h.matMul(variables[`${layer}.W`]).add(variables[`${layer}.b`])
      return i < last ? tf.relu(z) : z
    }, x)
}

const convolutional = (tf, { variables: v }) => {
  const block = (x, layer) =>
    tf.maxPool(tf.relu(tf.conv2d(x, v[`${layer}.W`], 1, 'same').add(v[`${layer}.b`])), 2, 2, 'valid')
  return (x) => block(block(x, 'C1'), 'C2').reshape([x.shape[0], -1]).matMul(v['L.W']).add(v['L.b'])
}

/** In the files weights are [out, in] and [out, height, width, in]; here they are [in, out] and [height, width, in, out]. */
const own = (t) => (t.shape.length === 4 ? permuted(t, [1, 2, 3, 0]) : t.shape.length === 2 ? permuted(t, [1, 0]) : t)

const run = async () => {
  if (workload.dtype === 'float64') return absent('it has no float64')
  if (workload.kind === 'convolutional' && backend === 'cpu' && process.env.PEER_SLOW === undefined)
    return absent('it takes some seconds a step; with PEER_SLOW=1 it takes part')
  const tf = (await optional(() => import('@tensorflow/tfjs')))?.default
  if (tf === undefined) return absent(howToInstall)
  tf.env().set('PROD', true)
  if (backend === 'wasm' && !(await optional(() => import('@tensorflow/tfjs-backend-wasm'))))
    return absent(howToInstall)
  await tf.setBackend(backend)
  await tf.ready()
  if (workload.kind === 'convolutional' && !tf.getKernel('Conv2DBackpropFilter', backend))
    return absent('its backend has no gradient of a convolution (Conv2DBackpropFilter)')

  const tensor = ({ data, shape }) => tf.tensor(data, shape)
  const first = Object.fromEntries(Object.entries(workload.params).map(([path, t]) => [path, tensor(own(t))]))
  const variables = Object.fromEntries(Object.entries(first).map(([path, t]) => [path, tf.variable(t)]))
  const architecture = workload.kind === 'convolutional' ? convolutional : perceptron
  const predict = architecture(tf, { layers: layersOf(workload), variables })
  const x = tensor(workload.input)
  const classes = workload.loss === 'softmaxCrossEntropy'
  const y = tensor(classes ? oneHot(workload.target, 10) : workload.target)
  const loss = classes
    ? () => tf.losses.softmaxCrossEntropy(y, predict(x))
    : () => tf.losses.meanSquaredError(y, predict(x))
  const optimizer = tf.train.sgd(workload.learningRate)

  const begin = () => {
    for (const [path, t] of Object.entries(first)) variables[path].assign(t)
    return () => {
      const cost = optimizer.minimize(loss, true)
      const [value] = cost.dataSync()
      cost.dispose()
      return value
    }
  }
  const features = backend === 'wasm' ? `, SIMD ${await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')}` : ''
  return serve({ name: self, version: `${versionOf('@tensorflow/tfjs')}${features}`, threads: 1, begin })
}

await run()
