import { normalCdf, normalDensity } from './normal.ts'
import { sigmoid } from './sigmoid.ts'

/** Clips x: beyond these bounds an activation and its derivative are constant; so −∞ · 0 does not occur. */
const bounded = (x: number): number => Math.min(Math.max(x, -1000), 1000)

/** σ(2u) for u = √(2/π) (x + 0.044715 x³), and 2u′. */
const cubicGate = (x: number): readonly [gate: number, slope: number] => {
  const k = 2 * Math.sqrt(2 / Math.PI)
  return [sigmoid(k * x * (1 + 0.044715 * x * x)), k * (1 + 3 * 0.044715 * x * x)]
}

/** n = eˣ (eˣ + 2): tanh(log(1 + eˣ)) is n / (n + 2), which is 1 from 20 on. */
const mishTerm = (x: number): readonly [e: number, n: number] => {
  const e = Math.exp(Math.min(x, 20))
  return [e, e * (e + 2)]
}

/** Activations of one number, some with a parameter. */
export const activations = {
  leakyRelu: (x: number, p: number) => (x > 0 ? x : p * x),
  elu: (x: number, p: number) => (x > 0 ? x : p * Math.expm1(x)),
  softplus: (x: number, p: number) => (p * x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(p * x))) / p,
  normalCdf,
  silu: (x: number) => Math.max(x, -1000) * sigmoid(x),
  gelu: (x: number) => Math.max(x, -1000) * normalCdf(x),
  geluTanh: (x: number) => Math.max(x, -1000) * cubicGate(x)[0],
  mish: (x: number) => {
    const [, n] = mishTerm(x)
    return Math.max(x, -1000) * (n / (n + 2))
  },
} as const

/** The pullbacks of the activations, of a cotangent d and the argument x; and prelu, of x and its slope. */
export const activationPullbacks = {
  prelu: (x: number, a: number) => (x > 0 ? x : x * a),
  maskLeaky: (d: number, x: number, p: number) => (x > 0 ? d : p * d),
  eluPullback: (d: number, x: number, p: number) => (x > 0 ? d : d * p * Math.exp(x)),
  siluPullback: (d: number, x: number) => d * sigmoid(x) * (1 + bounded(x) * (1 - sigmoid(x))),
  geluPullback: (d: number, x: number) => d * (normalCdf(x) + bounded(x) * normalDensity(x)),
  geluTanhPullback: (d: number, x: number) => {
    const [s, slope] = cubicGate(bounded(x))
    return d * s * (1 + bounded(x) * slope * (1 - s))
  },
  mishPullback: (d: number, x: number) => {
    const [e, n] = mishTerm(x)
    return (d * (n + (4 * Math.min(bounded(x), 20) * e * (1 + e)) / (n + 2))) / (n + 2)
  },
} as const
