// TensorFlow.js: MANIFEST WORKLOAD THREADS BACKEND, for the backend wasm or cpu. It has no float64.
import { serve } from '../support/protocol.ts'
import { howToInstall, layersOf, oneHot, optional, permuted, readWorkload, versionOf } from './workload.mjs'

const [manifest, name, , backend] = process.argv.slice(2)
const self = `tfjs-${backend}`
const workload = readWorkload(manifest, name)

const absent = (reason) => serve({ name: self, absent: reason })

/**
 * Batch normalization in training, with the defaults of PyTorch: the running moments, which are no parameters, move on.
 */
const batchNorm = (tf, { variables: v, running }) => {
  const towards = (variable, now, share) => variable.assign(tf.add(variable.mul(1 - 0.1), now.mul(share)))
  return (z, layer) => {
    const n = z.shape[0]
    const { mean, variance } = tf.moments(z, 0)
    towards(running[`${layer}.mean`], mean, 0.1)
    towards(running[`${layer}.variance`], variance, (0.1 * n) / (n - 1))
    return tf.batchNorm(z, mean, variance, v[`${layer}.shift`], v[`${layer}.scale`], 1e-5)
  }
}

const perceptron = (tf, { layers, activation, variables, running }) => {
  const last = layers.length - 1
  const normalised = batchNorm(tf, { variables, running })
  return (x, drop) =>
    layers.reduce((h, layer, i) => {
      const z = h.matMul(variables[`${layer}.W`]).add(variables[`${layer}.b`])
      if (i === last) return z
      const y = tf[activation](variables[`${layer}.scale`] === undefined ? z : normalised(z, layer))
      return drop > 0 ? tf.dropout(y, drop) : y
    }, x)
}

/** Its Adam with decoupled decay before it, since it has no AdamW. */
const adamw = (tf, rate, variables) => {
  const adam = tf.train.adam(rate, 0.9, 0.999, 1e-8)
  const minimize = (loss) => {
    const { value, grads } = adam.computeGradients(loss)
    tf.tidy(() => {
      for (const v of variables) v.assign(v.mul(1 - rate * 1e-2))
    })
    adam.applyGradients(grads)
    tf.dispose(grads)
    return value
  }
  return { minimize, dispose: () => adam.dispose() }
}

const convolutional = (tf, { variables: v }) => {
  const block = (x, layer) =>
    tf.maxPool(tf.relu(tf.conv2d(x, v[`${layer}.W`], 1, 'same').add(v[`${layer}.b`])), 2, 2, 'valid')
  return (x) => block(block(x, 'C1'), 'C2').reshape([x.shape[0], -1]).matMul(v['L.W']).add(v['L.b'])
}

/** The step of PyTorch and cuDNN, written with its operations: its own layer runs it the other way, in its layers API. */
const recurrent = (tf, { variables: v }) => {
  const map = (x, part) => x.matMul(v[`G.${part}.W`]).add(v[`G.${part}.b`])
  return (x) => {
    const [batch, steps, features] = x.shape
    const all = map(x.reshape([batch * steps, features]), 'input').reshape([batch, steps, -1])
    const inputs = tf.unstack(all, 1)
    const h = inputs.reduce(
      (before, gates) => {
        const [xr, xz, xn] = tf.split(gates, 3, 1)
        const [hr, hz, hn] = tf.split(map(before, 'hidden'), 3, 1)
        const [r, z] = [tf.sigmoid(xr.add(hr)), tf.sigmoid(xz.add(hz))]
        const n = tf.tanh(xn.add(r.mul(hn)))
        return n.add(z.mul(before.sub(n)))
      },
      tf.zeros([batch, v['G.hidden.W'].shape[0]]),
    )
    return h.matMul(v['L.W']).add(v['L.b'])
  }
}

/**
 * In the files weights are [out, in] and [out, height, width, in]; here they are [in, out] and [height, width, in,
 * out].
 */
const own = (t) => (t.shape.length === 4 ? permuted(t, [1, 2, 3, 0]) : t.shape.length === 2 ? permuted(t, [1, 0]) : t)

const run = async () => {
  if (workload.dtype === 'float64') return absent('it has no float64')
  if (workload.kind === 'convolutional' && backend === 'cpu' && process.env.PEER_SLOW === undefined)
    return absent('it takes some seconds a step; with PEER_SLOW=1 it takes part')
  if (!['perceptron', 'convolutional', 'recurrent'].includes(workload.kind)) return absent('it has no such layers')
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
  const architecture = { convolutional, perceptron, recurrent }[workload.kind]
  const layers = layersOf(workload)
  const normalised = layers.filter((layer) => first[`${layer}.scale`] !== undefined)
  const moments = Object.fromEntries(
    normalised.flatMap((layer) => {
      const { shape } = first[`${layer}.scale`]
      return [
        [`${layer}.mean`, tf.zeros(shape)],
        [`${layer}.variance`, tf.ones(shape)],
      ]
    }),
  )
  const running = Object.fromEntries(Object.entries(moments).map(([path, t]) => [path, tf.variable(t, false)]))
  const predict = architecture(tf, { layers, activation: workload.activation, variables, running })
  const x = tensor(workload.input)
  const classes = workload.loss === 'softmaxCrossEntropy'
  const y = tensor(classes ? oneHot(workload.target, workload.outputs) : workload.target)
  const loss = classes
    ? (drop) => tf.losses.softmaxCrossEntropy(y, predict(x, drop))
    : () => tf.losses.meanSquaredError(y, predict(x))
  const optimizers = {
    sgd: (rate) => tf.train.sgd(rate),
    adam: (rate) => tf.train.adam(rate, 0.9, 0.999, 1e-8),
    adamw: (rate) => adamw(tf, rate, Object.values(variables)),
  }

  let optimizer
  const beginTraining = (noisy) => {
    const drop = noisy ? workload.drop : 0
    for (const [path, t] of Object.entries(first)) variables[path].assign(t)
    for (const [path, t] of Object.entries(moments)) running[path].assign(t)
    optimizer?.dispose()
    optimizer = optimizers[workload.optimizer](workload.learningRate)
    return () => {
      const cost = optimizer.minimize(() => loss(drop), true)
      const [value] = cost.dataSync()
      cost.dispose()
      return value
    }
  }
  const predicting = () => tf.tidy(() => predict(x, 0).dataSync())
  const begin = workload.task === 'predict' ? () => predicting : beginTraining
  const features = backend === 'wasm' ? `, SIMD ${await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')}` : ''
  return serve({ name: self, version: `${versionOf('@tensorflow/tfjs')}${features}`, threads: 1, begin })
}

await run()
