import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import type { Kernels } from '../kernels.ts'

export const adam: Kernels['adam'] = (g, mu, nu, p, { b1, b2, eps, c1, c2, keep, rate }) => {
  const [gs, ms, ns, ps] = [packed(g), packed(mu), packed(nu), packed(p)]
  const n = g.size
  const [after, nextMu, nextNu] = [allocate(g.dtype, n), allocate(g.dtype, n), allocate(g.dtype, n)]
  for (let i = 0; i < n; i++) {
    const gradient = gs[i] as number
    const m = b1 * (ms[i] as number) + (1 - b1) * gradient
    const v = b2 * (ns[i] as number) + (1 - b2) * gradient * gradient
    nextMu[i] = m
    nextNu[i] = v
    after[i] = keep * (ps[i] as number) - rate * (m / c1 / (Math.sqrt(v / c2) + eps))
  }
  return [after, nextMu, nextNu]
}
