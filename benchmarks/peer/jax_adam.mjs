// Adam for jax-js.

/**
 * Adam by hand, parameter by parameter, within the compiled step, with decoupled decay; the powers of its betas are part
 * of its state.
 */
export const adam = ({ numpy: np }, rate, decay = 0) => {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]
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
      next.params[path] = (decay > 0 ? params[path].mul(1 - rate * decay) : params[path]).sub(adaptive.mul(rate))
    }
    rest1.dispose()
    rest2.dispose()
    return next
  }
}

/** Its state before the first step. */
export const momentsOf = ({ numpy: np }, params) => {
  const zeros = () => Object.fromEntries(Object.entries(params).map(([path, t]) => [path, np.zeros(t.shape)]))
  return { mu: zeros(), nu: zeros(), power1: np.ones([]), power2: np.ones([]) }
}
