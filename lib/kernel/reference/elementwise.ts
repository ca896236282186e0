import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Kernels, MapName, ZipName } from '../kernels.ts'
import { erf } from './erf.ts'
import { erfinv } from './erfinv.ts'
import { normalCdf, normalDensity } from './normal.ts'

const sigmoid = (x: number): number => Math.exp(Math.min(x, 0)) / (1 + Math.exp(-Math.abs(x))) // exp(−x) would overflow where x is very negative
/** σ(2u) for u = √(2/π) (x + 0.044715 x³), and 2u′. */
const cubicGate = (x: number): readonly [number, number] => {
  const k = 2 * Math.sqrt(2 / Math.PI)
  return [sigmoid(k * x * (1 + 0.044715 * x * x)), k * (1 + 3 * 0.044715 * x * x)]
}
/** n = eˣ (eˣ + 2): tanh(log(1 + eˣ)) is n / (n + 2). It has got to 1 at 20. */
const mishTerm = (x: number): readonly [e: number, n: number] => {
  const e = Math.exp(Math.min(x, 20))
  return [e, e * (e + 2)]
}
/** Beyond these bounds an activation or its derivative is what it is at them; so −∞ · 0 does not come up. */
const bounded = (x: number): number => Math.min(Math.max(x, -1000), 1000)

const maps: Readonly<Record<MapName, (x: number, p: number) => number>> = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid,
  relu: (x) => (x <= 0 ? 0 : x), // NaN stays NaN
  erf,
  erfinv,
  scale: (x, p) => p * x,
  shift: (x, p) => x + p,
  atLeast: (x, p) => (x < p ? p : x),
  below: (x, p) => (x < p ? 1 : 0),
  atMost: (x, p) => (x > p ? p : x),
  leakyRelu: (x, p) => (x > 0 ? x : p * x),
  elu: (x, p) => (x > 0 ? x : p * Math.expm1(x)),
  softplus: (x, p) => (p * x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(p * x))) / p,
  normalCdf,
  silu: (x) => Math.max(x, -1000) * sigmoid(x),
  gelu: (x) => Math.max(x, -1000) * normalCdf(x),
  geluTanh: (x) => Math.max(x, -1000) * cubicGate(x)[0],
  mish: (x) => {
    const [, n] = mishTerm(x)
    return Math.max(x, -1000) * (n / (n + 2))
  },
}

const zips: Readonly<Record<ZipName, (x: number, y: number, p: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  gate: (d, x) => (x > 0 ? d : 0),
  tanhPullback: (d, y) => d * (1 - y * y),
  sigmoidPullback: (d, y) => d * y * (1 - y),
  addScaled: (x, y, p) => x + p * y,
  prelu: (x, y) => (x > 0 ? x : x * y),
  leakyGate: (d, x, p) => (x > 0 ? d : p * d),
  eluPullback: (d, x, p) => (x > 0 ? d : d * p * Math.exp(x)),
  siluPullback: (d, x) => d * sigmoid(x) * (1 + bounded(x) * (1 - sigmoid(x))),
  geluPullback: (d, x) => d * (normalCdf(x) + bounded(x) * normalDensity(x)),
  geluTanhPullback: (d, x) => {
    const [s, slope] = cubicGate(bounded(x))
    return d * s * (1 + bounded(x) * slope * (1 - s))
  },
  mishPullback: (d, x) => {
    const [e, n] = mishTerm(x)
    return (d * (n + (4 * Math.min(bounded(x), 20) * e * (1 + e)) / (n + 2))) / (n + 2)
  },
}

/** A parameter is a number of the format of the tensor. */
const rounded = (x: Raw, p: number): number => (x.dtype === 'float32' ? Math.fround(p) : p)

export const map: Kernels['map'] = (name, x, p = 0) => {
  const f = maps[name]
  const k = rounded(x, p)
  const from = packed(x)
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < to.length; i++) to[i] = f(from[i] as number, k)
  return to
}

export const zip: Kernels['zip'] = (name, x, y, p = 0) => {
  const f = zips[name]
  const k = rounded(x, p)
  const [a, b] = [packed(x), packed(y)]
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < to.length; i++) to[i] = f(a[i] as number, b[i] as number, k)
  return to
}
