// Adam's step in one pass: μ ← b1 μ + (1 − b1) g, ν ← b2 ν + (1 − b2) g², u = (μ / c1) / (√(ν / c2) + eps), and the new
// p: keep p − rate u.
import { mulAdd } from '../math/lanes'

export function adam<T>(
  g: usize, mu: usize, nu: usize, p: usize, after: usize, nextMu: usize, nextNu: usize, n: i32,
  b1: f64, b2: f64, eps: f64, c1: f64, c2: f64, keep: f64, rate: f64,
): void {
  const B1 = v128.splat<T>(<T>b1), A1 = v128.splat<T>(<T>(1 - b1)), C1 = v128.splat<T>(<T>(1 / c1))
  const B2 = v128.splat<T>(<T>b2), A2 = v128.splat<T>(<T>(1 - b2)), C2 = v128.splat<T>(<T>(1 / c2))
  const tiny = v128.splat<T>(<T>eps), K = v128.splat<T>(<T>keep), R = v128.splat<T>(<T>rate)
  const end = <usize>n * sizeof<T>()
  for (let i: usize = 0; i < end; i += 16) {
    const d = v128.load(g + i)
    const m = mulAdd<T>(v128.mul<T>(B1, v128.load(mu + i)), A1, d)
    const v = mulAdd<T>(v128.mul<T>(B2, v128.load(nu + i)), A2, v128.mul<T>(d, d))
    v128.store(nextMu + i, m)
    v128.store(nextNu + i, v)
    const deviation = v128.add<T>(v128.sqrt<T>(v128.mul<T>(v, C2)), tiny)
    const u = v128.div<T>(v128.mul<T>(m, C1), deviation)
    v128.store(after + i, v128.sub<T>(v128.mul<T>(K, v128.load(p + i)), v128.mul<T>(R, u)))
  }
}
