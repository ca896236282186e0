// jax-js on its wasm backend, the whole step compiled by its jit: MANIFEST WORKLOAD THREADS.
import { serve } from '../support/protocol.ts'
import { howToInstall, layersOf, oneHot, optional, permuted, readWorkload, versionOf } from './workload.mjs'

const [manifest, name] = process.argv.slice(2)
const self = 'jax-js'
const workload = readWorkload(manifest, name)

// It asks for the type when it reads numbers; Node has it from 24 on.
globalThis.Float16Array ??= class Float16Array {}

const perceptron = ({ numpy: np, nn }, layers) => {
  const last = layers.length - 1
  return (p, x) =>
    layers.reduce((h, layer, i) => {
      const z = np.matmul(h, p[`${layer}.W`]).add(p[`${layer}.b`])
      return i < last ? nn.relu(z) : z
    }, x)
}

/** The same with batch normalisation in training, whose running moments move on, and dropout; it gives the moments too. */
const regularised = ({ numpy: np, nn, lax, random }, layers, drop) => {
  const last = layers.length - 1
  const batchNorm = (z, scale, shift, old) => {
    const n = z.shape[0]
    const mean = np.mean(z.ref, 0)
    const centred = z.sub(mean.ref)
    const variance = np.mean(np.square(centred.ref), 0)
    const towards = (old, now, share) => old.mul(1 - 0.1).add(lax.stopGradient(now).mul(share))
    const running = {
      mean: towards(old.mean, mean, 0.1),
      variance: towards(old.variance, variance.ref, (0.1 * n) / (n - 1)),
    }
    return [centred.mul(scale.div(np.sqrt(variance.add(1e-5)))).add(shift), running]
  }
  const dropout = (h, key) => np.where(random.bernoulli(key, 1 - drop, h.shape), h.div(1 - drop), 0)
  return (p, x, running, keys) => {
    const moved = {}
    const scores = layers.reduce((h, layer, i) => {
      const z = np.matmul(h, p[`${layer}.W`]).add(p[`${layer}.b`])
      if (i === last) return z
      const [y, moments] = batchNorm(z, p[`${layer}.scale`], p[`${layer}.shift`], running[layer])
      moved[layer] = moments
      return drop > 0 ? dropout(nn.relu(y), keys.ref.slice(i)) : nn.relu(y)
    }, x)
    keys.dispose()
    return [scores, moved]
  }
}

/** AdamW by hand, parameter by parameter, within the compiled step; the powers of its betas are part of its state. */
const adamw = ({ numpy: np }, rate) => {
  const [beta1, beta2, epsilon, decay] = [0.9, 0.999, 1e-8, 1e-2]
  return (params, gradient, { mu, nu, power1, power2 }) => {
    const [next1, next2] = [power1.mul(beta1), power2.mul(beta2)]
    const next = { params: {}, mu: {}, nu: {}, power1: next1.ref, power2: next2.ref }
    const [rest1, rest2] = [np.subtract(1, next1), np.subtract(1, next2)]
    for (const path of Object.keys(params)) {
      const g = gradient[path]
      const m = mu[path].mul(beta1).add(g.ref.mul(1 - beta1))
      const v = nu[path].mul(beta2).add(np.square(g).mul(1 - beta2))
      next.mu[path] = m.ref
      next.nu[path] = v.ref
      const adaptive = m.div(rest1.ref).div(np.sqrt(v.div(rest2.ref)).add(epsilon))
      next.params[path] = params[path].mul(1 - rate * decay).sub(adaptive.mul(rate))
    }
    rest1.dispose()
    rest2.dispose()
    return next
  }
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

/** In the files all is channels last, and weights are [out, in]; here channels come first, and dense weights are [in, out]. */
const own = (t, path) => {
  if (t.shape.length === 4) return permuted(t, [0, 3, 1, 2])
  if (t.shape.length !== 2) return t
  const channelsFirst = path === 'L.W' ? permuted({ ...t, shape: [10, 7, 7, 32] }, [0, 3, 1, 2]) : t
  return permuted({ ...channelsFirst, shape: t.shape }, [1, 0])
}

const run = async () => {
  const jax = await optional(() => import('@jax-js/jax'))
  if (jax === undefined) return serve({ name: self, absent: howToInstall })
  const { numpy: np, nn, tree, jit, random, valueAndGrad } = jax
  await jax.init('wasm')
  jax.defaultDevice('wasm')

  const array = ({ data, shape }) =>
    np.array(data, { dtype: data instanceof Float64Array ? np.float64 : np.float32 }).reshape(shape)
  const first = Object.fromEntries(Object.entries(workload.params).map(([path, t]) => [path, array(own(t, path))]))
  const { input, target, batch, learningRate } = workload
  const x = array(input.shape.length === 4 ? permuted(input, [0, 3, 1, 2]) : input)
  const classes = workload.loss === 'softmaxCrossEntropy'
  const y = array(classes ? oneHot(target, 10) : target)
  const predict = workload.kind === 'convolutional' ? convolutional(jax) : perceptron(jax, layersOf(workload))
  // A number in the program, as its own mean has one, would be rounded to float32, in float64 too: these are arguments.
  const number = (value) => array({ data: new input.data.constructor([value]), shape: [] })
  const [share, rate] = [number((classes ? -1 : 1) / batch), number(learningRate)]
  const sum = classes
    ? (p, x, y) => nn.logSoftmax(predict(p, x), -1).mul(y).sum()
    : (p, x, y) => np.square(predict(p, x).sub(y)).sum()
  const loss = (p, x, y, share) => sum(p, x, y).mul(share)
  const update = jit((p, x, y, share, rate) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(p), x, y, share)
    const next = tree.map((w, g) => w.sub(g.mul(rate.ref)), p, gradient)
    rate.dispose()
    return [value, next]
  })

  let params
  const plain = () => {
    if (params !== undefined) tree.dispose(params)
    params = tree.ref(first)
    return async () => {
      const [value, next] = update(params, x.ref, y.ref, share.ref, rate.ref)
      params = next
      await jax.blockUntilReady(params)
      return value.dataSync()[0]
    }
  }

  const layers = layersOf(workload)
  const compiled = (drop) => {
    const network = regularised(jax, layers, drop)
    const cost = (p, running, keys, x, y) => {
      const [scores, moved] = network(p, x, running, keys)
      return [
        nn
          .logSoftmax(scores, -1)
          .mul(y)
          .sum()
          .mul(-1 / batch),
        moved,
      ]
    }
    const descend = adamw(jax, learningRate)
    return jit(({ params, running, key, ...moments }, x, y) => {
      const keys = random.split(key, layers.length)
      const [[value, moved], gradient] = valueAndGrad(cost, { hasAux: true })(tree.ref(params), running, keys.ref, x, y)
      const next = descend(params, gradient, moments)
      return [value, { ...next, running: moved, key: keys.slice(layers.length - 1) }]
    })
  }
  const steps = { true: undefined, false: undefined }
  let state
  const withState = (noisy) => {
    steps[noisy] ??= compiled(noisy ? workload.drop : 0)
    if (state !== undefined) tree.dispose(state)
    const zeros = () => Object.fromEntries(Object.entries(first).map(([path, t]) => [path, np.zeros(t.shape)]))
    const running = layers.slice(0, -1).map((layer) => {
      const { shape } = first[`${layer}.scale`]
      return [layer, { mean: np.zeros(shape), variance: np.ones(shape) }]
    })
    state = {
      params: tree.ref(first),
      mu: zeros(),
      nu: zeros(),
      power1: number(1),
      power2: number(1),
      running: Object.fromEntries(running),
      key: random.key(0),
    }
    return async () => {
      const [value, next] = steps[noisy](state, x.ref, y.ref)
      state = next
      await jax.blockUntilReady(state)
      return value.dataSync()[0]
    }
  }
  const begin = workload.optimizer === 'adamw' ? withState : plain
  return serve({ name: self, version: `${versionOf('@jax-js/jax')}, jit, wasm`, threads: 1, begin })
}

await run()
process.exit(0)
