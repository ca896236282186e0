// Dense layers with batch normalization and dropout, trained by AdamW, in jax-js: all by hand but the random numbers,
// in one compiled step.
import { adam, momentsOf } from './jax_adam.mjs'
import { layersOf } from './workload.mjs'

/**
 * Dense layers with batch normalization in training, whose running moments move on, and dropout; it gives the moments
 * too.
 */
const regularised = ({ numpy: np, nn, lax, random }, layers, drop) => {
  const last = layers.length - 1
  const batchNorm = (z, scale, shift, old) => {
    const n = z.shape[0]
    const mean = np.mean(z.ref, 0)
    const centered = z.sub(mean.ref)
    const variance = np.mean(np.square(centered.ref), 0)
    const towards = (old, now, share) => old.mul(1 - 0.1).add(lax.stopGradient(now).mul(share))
    const running = {
      mean: towards(old.mean, mean, 0.1),
      variance: towards(old.variance, variance.ref, (0.1 * n) / (n - 1)),
    }
    return [centered.mul(scale.div(np.sqrt(variance.add(1e-5)))).add(shift), running]
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

/** Training from the first parameters `first` on a minibatch: what begins it anew. */
export const beginRegularised = (jax, workload, { first, x, y }) => {
  const { numpy: np, nn, random, tree, jit, valueAndGrad } = jax
  const layers = layersOf(workload)
  const compiled = (drop) => {
    const network = regularised(jax, layers, drop)
    const cost = (p, running, keys, x, y) => {
      const [scores, moved] = network(p, x, running, keys)
      const right = nn.logSoftmax(scores, -1).mul(y)
      return [right.sum().mul(-1 / workload.batch), moved]
    }
    const descend = adam(jax, workload.learningRate, 1e-2)
    return jit(({ params, running, key, ...moments }, x, y) => {
      const keys = random.split(key, layers.length)
      const [[value, moved], gradient] = valueAndGrad(cost, { hasAux: true })(tree.ref(params), running, keys.ref, x, y)
      const next = descend(params, gradient, moments)
      return [value, { ...next, running: moved, key: keys.slice(layers.length - 1) }]
    })
  }
  const steps = { true: undefined, false: undefined }
  let state
  return (noisy) => {
    steps[noisy] ??= compiled(noisy ? workload.drop : 0)
    if (state !== undefined) tree.dispose(state)
    const running = layers.slice(0, -1).map((layer) => {
      const { shape } = first[`${layer}.scale`]
      return [layer, { mean: np.zeros(shape), variance: np.ones(shape) }]
    })
    state = {
      params: tree.ref(first),
      ...momentsOf(jax, first),
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
}
