import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Entrywise } from '../kernels.ts'
import type { FurtherMapName, FurtherZipName, MapName, ZipName } from '../names.ts'
import { activationPullbacks, activations } from './activation.ts'
import { erf } from './erf.ts'
import { erfinv } from './erfinv.ts'
import { sigmoid } from './sigmoid.ts'

/** The nearest whole number; of two at the same distance the even one. */
const nearest = (x: number): number => {
  const [low, rest] = [Math.floor(x), x - Math.floor(x)]
  const up = rest > 0.5 || (rest === 0.5 && low % 2 !== 0)
  return up ? (low === -1 ? -0 : low + 1) : low === 0 && x < 0 ? -0 : low
}

type AllEntrywise = Entrywise<MapName | FurtherMapName, ZipName | FurtherZipName>

const maps: Readonly<Record<MapName | FurtherMapName, (x: number, p: number) => number>> = {
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
  abs: Math.abs,
  atMost: (x, p) => (x > p ? p : x),
  floor: Math.floor,
  round: nearest,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sin: Math.sin,
  cos: Math.cos,
  ...activations,
}

const zips: Readonly<Record<ZipName | FurtherZipName, (x: number, y: number, p: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  maskAbove: (d, x, p) => (x > p ? d : 0),
  tanhPullback: (d, x) => d * (4 * sigmoid(2 * x) * sigmoid(-2 * x)),
  sigmoidPullback: (d, x) => d * (sigmoid(x) * sigmoid(-x)),
  addScaled: (x, y, p) => x + p * y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  greater: (x, y) => (x > y ? 1 : 0),
  greaterEqual: (x, y) => (x >= y ? 1 : 0),
  atan2: Math.atan2,
  ...activationPullbacks,
}

/** The parameter rounded to the format of the tensor. */
const rounded = (x: Raw, p: number): number => (x.dtype === 'float32' ? Math.fround(p) : p)

export const map: AllEntrywise['map'] = (name, x, p = 0) => {
  const f = maps[name]
  const k = rounded(x, p)
  const from = packed(x)
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < to.length; i++) to[i] = f(from[i] as number, k)
  return to
}

export const zip: AllEntrywise['zip'] = (name, x, y, p = 0) => {
  const f = zips[name]
  const k = rounded(x, p)
  const [a, b] = [packed(x), packed(y)]
  const to = allocate(x.dtype, x.size)
  for (let i = 0; i < to.length; i++) to[i] = f(a[i] as number, b[i] as number, k)
  return to
}
