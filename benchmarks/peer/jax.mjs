// jax-js on its wasm backend, the whole step compiled by its jit: MANIFEST WORKLOAD THREADS.
import { serve } from '../support/protocol.ts'
import { adam, momentsOf } from './jax_adam.mjs'
import { beginRegularised } from './jax_regularised.mjs'
import { howToInstall, layersOf, oneHot, optional, permuted, readWorkload, versionOf } from './workload.mjs'

const [manifest, name] = process.argv.slice(2)
const self = 'jax-js'
const workload = readWorkload(manifest, name)

// It asks for the type when it reads numbers; Node has it from 24 on.
globalThis.Float16Array ??= class Float16Array {}

const perceptron = ({ numpy: np, nn }, layers) => {
  const activation = { relu: nn.relu, tanh: np.tanh }[workload.activation]
  const last = layers.length - 1
  return (p, x) =>
    layers.reduce((h, layer, i) => {
      const z = np.matmul(h, p[`${layer}.W`]).add(p[`${layer}.b`])
      return i < last ? activation(z) : z
    }, x)
}

/** Its convolutions want channels first. */
const convolutional = ({ numpy: np, nn, lax }) => {
  const block = (x, W, b, [n, channels, side]) => {
    const y = nn.relu(lax.conv(x, W, [1, 1], 'SAME').add(b.reshape([channels, 1, 1])))
    return np.max(y.reshape([n, channels, side / 2, 2, side / 2, 2]), [3, 5])
  }
  return (p, x) => {
    const n = x.shape[0]
    const first = block(x, p['C1.W'], p['C1.b'], [n, 16, 28])
    const second = block(first, p['C2.W'], p['C2.b'], [n, 32, 14])
    return np.matmul(second.reshape([n, 1568]), p['L.W']).add(p['L.b'])
  }
}

/**
 * In the files all is channels last, and weights are [out, in]; here channels come first, and dense weights are [in,
 * out].
 */
const own = (t, path) => {
  if (t.shape.length === 4) return permuted(t, [0, 3, 1, 2])
  if (t.shape.length !== 2) return t
  const channelsFirst = path === 'L.W' ? permuted({ ...t, shape: [10, 7, 7, 32] }, [0, 3, 1, 2]) : t
  return permuted({ ...channelsFirst, shape: t.shape }, [1, 0])
}

const run = async () => {
  const jax = await optional(() => import('@jax-js/jax'))
  if (jax === undefined) return serve({ name: self, absent: howToInstall })
  const { numpy: np, nn, tree, jit, valueAndGrad } = jax
  await jax.init('wasm')
  jax.defaultDevice('wasm')

  const array = ({ data, shape }) =>
    np.array(data, { dtype: data instanceof Float64Array ? np.float64 : np.float32 }).reshape(shape)
  const first = Object.fromEntries(Object.entries(workload.params).map(([path, t]) => [path, array(own(t, path))]))
  const { input, target, batch, learningRate } = workload
  const x = array(input.shape.length === 4 ? permuted(input, [0, 3, 1, 2]) : input)
  const classes = workload.loss === 'softmaxCrossEntropy'
  const y = array(classes ? oneHot(target, workload.outputs) : target)
  if (!['perceptron', 'convolutional'].includes(workload.kind))
    return serve({ name: self, absent: 'it has no such layers' })
  const predict = workload.kind === 'convolutional' ? convolutional(jax) : perceptron(jax, layersOf(workload))
  // A number in the program, as its own mean has one, would be rounded to float32, in float64 too: these are arguments.
  const number = (value) => array({ data: new input.data.constructor([value]), shape: [] })
  const [share, rate] = [number((classes ? -1 : 1) / batch), number(learningRate)]
  const sum = classes
    ? (p, x, y) => nn.logSoftmax(predict(p, x), -1).mul(y).sum()
    : (p, x, y) => np.square(predict(p, x).sub(y)).sum()
  const loss = (p, x, y, share) => sum(p, x, y).mul(share)
  const sgd = ({ params }, gradient, rate) => {
    const next = tree.map((w, g) => w.sub(g.mul(rate.ref)), params, gradient)
    rate.dispose()
    return { params: next }
  }
  const byAdam = adam(jax, learningRate)
  const withMoments = ({ params, ...moments }, gradient, rate) => {
    rate.dispose()
    return byAdam(params, gradient, moments)
  }
  const descend = workload.optimizer === 'adam' ? withMoments : sgd
  const update = jit((state, x, y, share, rate) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(state.params), x, y, share)
    return [value, descend(state, gradient, rate)]
  })

  let state
  const plain = () => {
    if (state !== undefined) tree.dispose(state)
    state = { params: tree.ref(first), ...(workload.optimizer === 'adam' ? momentsOf(jax, first) : {}) }
    return async () => {
      const [value, next] = update(state, x.ref, y.ref, share.ref, rate.ref)
      state = next
      await jax.blockUntilReady(state)
      return value.dataSync()[0]
    }
  }

  const forward = jit(predict)
  const predicting = () => forward(tree.ref(first), x.ref).dataSync()

  const ways = { sgd: plain, adam: plain, adamw: beginRegularised(jax, workload, { first, x, y }) }
  const begin = workload.task === 'predict' ? () => predicting : ways[workload.optimizer]
  return serve({ name: self, version: `${versionOf('@jax-js/jax')}, jit, wasm`, threads: 1, begin })
}

await run()
process.exit(0)
