// Functions of each entry, four vectors at a time: buffers are padded to 64 bytes, so no loop has a tail.
import {
  elu, eluPullback, gelu, geluPullback, geluTanh, geluTanhPullback, mish, mishPullback, positive, silu, siluPullback, softplus,
} from './activation'
import { erf, erfinv, exp, log, sigmoid, tanh } from './math'
import { normalCdf } from './normal'

/** The places of the names in `maps` of elementwise.ts. */
const enum Map {
  neg, exp, log, sqrt, tanh, sigmoid, relu, erf, erfinv, scale, shift, atLeast, below, abs, atMost, leakyRelu, elu, softplus, normalCdf,
  silu, gelu, geluTanh, mish,
}
/** The places of the names in `zips` of elementwise.ts. */
const enum Zip {
  add, sub, mul, div, gate, tanhPullback, sigmoidPullback, addScaled, maximum, minimum, prelu, leakyGate, eluPullback, siluPullback, geluPullback,
  geluTanhPullback, mishPullback,
}

/** A function of few steps. */
@inline
function one<T>(f: i32, x: v128, p: v128): v128 {
  if (f == Map.neg) return v128.neg<T>(x)
  if (f == Map.sqrt) return v128.sqrt<T>(x)
  if (f == Map.relu) return v128.andnot(x, v128.le<T>(x, v128.splat<T>(0))) // NaN stays NaN
  if (f == Map.scale) return v128.mul<T>(x, p)
  if (f == Map.shift) return v128.add<T>(x, p)
  if (f == Map.atLeast) return v128.bitselect(p, x, v128.lt<T>(x, p))
  if (f == Map.below) return v128.and(v128.splat<T>(1), v128.lt<T>(x, p))
  if (f == Map.abs) return v128.abs<T>(x)
  return positive<T>(x, v128.mul<T>(p, x), x)
}

/** A function of many steps, or one that is seldom called. */
@inline
function oneSlowly<T>(f: i32, x: v128, p: v128): v128 {
  if (f == Map.atMost) return v128.bitselect(p, x, v128.gt<T>(x, p))
  if (f == Map.exp) return exp<T>(x)
  if (f == Map.log) return log<T>(x)
  if (f == Map.tanh) return tanh<T>(x)
  if (f == Map.sigmoid) return sigmoid<T>(x)
  if (f == Map.erf) return erf<T>(x)
  if (f == Map.erfinv) return erfinv<T>(x)
  if (f == Map.elu) return elu<T>(x, p)
  if (f == Map.softplus) return softplus<T>(x, p)
  if (f == Map.normalCdf) return normalCdf<T>(x)
  if (f == Map.silu) return silu<T>(x)
  if (f == Map.gelu) return gelu<T>(x)
  if (f == Map.geluTanh) return geluTanh<T>(x)
  return mish<T>(x)
}

@inline
function two<T>(f: i32, x: v128, y: v128, p: v128): v128 {
  if (f == Zip.add) return v128.add<T>(x, y)
  if (f == Zip.sub) return v128.sub<T>(x, y)
  if (f == Zip.mul) return v128.mul<T>(x, y)
  if (f == Zip.div) return v128.div<T>(x, y)
  if (f == Zip.gate) return v128.and(x, v128.gt<T>(y, p))
  const one = v128.splat<T>(1)
  if (f == Zip.tanhPullback) return v128.mul<T>(x, v128.sub<T>(one, v128.mul<T>(y, y)))
  if (f == Zip.sigmoidPullback) return v128.mul<T>(v128.mul<T>(x, y), v128.sub<T>(one, y))
  if (f == Zip.addScaled) return v128.add<T>(x, v128.mul<T>(p, y))
  if (f == Zip.maximum) return v128.max<T>(x, y)
  if (f == Zip.minimum) return v128.min<T>(x, y)
  return positive<T>(x, v128.mul<T>(p, x), y)
}

@inline
function twoSlowly<T>(f: i32, x: v128, y: v128, p: v128): v128 {
  if (f == Zip.prelu) return positive<T>(x, v128.mul<T>(x, y), x)
  if (f == Zip.eluPullback) return eluPullback<T>(x, y, p)
  if (f == Zip.siluPullback) return siluPullback<T>(x, y)
  if (f == Zip.geluPullback) return geluPullback<T>(x, y)
  if (f == Zip.geluTanhPullback) return geluTanhPullback<T>(x, y)
  return mishPullback<T>(x, y)
}

@inline
function mapAll<T>(f: i32, x: usize, z: usize, end: usize, p: v128): void {
  for (; z < end; z += 64, x += 64) {
    v128.store(z, one<T>(f, v128.load(x), p))
    v128.store(z, one<T>(f, v128.load(x, 16), p), 16)
    v128.store(z, one<T>(f, v128.load(x, 32), p), 32)
    v128.store(z, one<T>(f, v128.load(x, 48), p), 48)
  }
}

/** As `mapAll`, one vector at a time: that keeps the code small. */
@inline
function mapSlowly<T>(f: i32, x: usize, z: usize, end: usize, p: v128): void {
  for (; z < end; z += 16, x += 16) v128.store(z, oneSlowly<T>(f, v128.load(x), p))
}

@inline
function zipAll<T>(f: i32, x: usize, y: usize, z: usize, end: usize, p: v128): void {
  for (; z < end; z += 64, x += 64, y += 64) {
    v128.store(z, two<T>(f, v128.load(x), v128.load(y), p))
    v128.store(z, two<T>(f, v128.load(x, 16), v128.load(y, 16), p), 16)
    v128.store(z, two<T>(f, v128.load(x, 32), v128.load(y, 32), p), 32)
    v128.store(z, two<T>(f, v128.load(x, 48), v128.load(y, 48), p), 48)
  }
}

/** As `mapSlowly`, for functions of two numbers. */
@inline
function zipSlowly<T>(f: i32, x: usize, y: usize, z: usize, end: usize, p: v128): void {
  for (; z < end; z += 16, x += 16, y += 16) v128.store(z, twoSlowly<T>(f, v128.load(x), v128.load(y), p))
}

function map<T>(f: i32, x: usize, z: usize, n: usize, k: f64): void {
  const p = v128.splat<T>(<T>k)
  const end = z + n * sizeof<T>()
  switch (f) {
    case Map.neg: return mapAll<T>(Map.neg, x, z, end, p)
    case Map.exp: return mapSlowly<T>(Map.exp, x, z, end, p)
    case Map.log: return mapSlowly<T>(Map.log, x, z, end, p)
    case Map.sqrt: return mapAll<T>(Map.sqrt, x, z, end, p)
    case Map.tanh: return mapSlowly<T>(Map.tanh, x, z, end, p)
    case Map.sigmoid: return mapSlowly<T>(Map.sigmoid, x, z, end, p)
    case Map.relu: return mapAll<T>(Map.relu, x, z, end, p)
    case Map.erf: return mapSlowly<T>(Map.erf, x, z, end, p)
    case Map.erfinv: return mapSlowly<T>(Map.erfinv, x, z, end, p)
    case Map.scale: return mapAll<T>(Map.scale, x, z, end, p)
    case Map.shift: return mapAll<T>(Map.shift, x, z, end, p)
    case Map.atLeast: return mapAll<T>(Map.atLeast, x, z, end, p)
    case Map.below: return mapAll<T>(Map.below, x, z, end, p)
    case Map.abs: return mapAll<T>(Map.abs, x, z, end, p)
    case Map.atMost: return mapSlowly<T>(Map.atMost, x, z, end, p)
    case Map.leakyRelu: return mapAll<T>(Map.leakyRelu, x, z, end, p)
    case Map.elu: return mapSlowly<T>(Map.elu, x, z, end, p)
    case Map.softplus: return mapSlowly<T>(Map.softplus, x, z, end, p)
    case Map.normalCdf: return mapSlowly<T>(Map.normalCdf, x, z, end, p)
    case Map.silu: return mapSlowly<T>(Map.silu, x, z, end, p)
    case Map.gelu: return mapSlowly<T>(Map.gelu, x, z, end, p)
    case Map.geluTanh: return mapSlowly<T>(Map.geluTanh, x, z, end, p)
    default: mapSlowly<T>(Map.mish, x, z, end, p)
  }
}

function zip<T>(f: i32, x: usize, y: usize, z: usize, n: usize, k: f64): void {
  const p = v128.splat<T>(<T>k)
  const end = z + n * sizeof<T>()
  switch (f) {
    case Zip.add: return zipAll<T>(Zip.add, x, y, z, end, p)
    case Zip.sub: return zipAll<T>(Zip.sub, x, y, z, end, p)
    case Zip.mul: return zipAll<T>(Zip.mul, x, y, z, end, p)
    case Zip.div: return zipAll<T>(Zip.div, x, y, z, end, p)
    case Zip.gate: return zipAll<T>(Zip.gate, x, y, z, end, p)
    case Zip.tanhPullback: return zipAll<T>(Zip.tanhPullback, x, y, z, end, p)
    case Zip.sigmoidPullback: return zipAll<T>(Zip.sigmoidPullback, x, y, z, end, p)
    case Zip.addScaled: return zipAll<T>(Zip.addScaled, x, y, z, end, p)
    case Zip.maximum: return zipAll<T>(Zip.maximum, x, y, z, end, p)
    case Zip.minimum: return zipAll<T>(Zip.minimum, x, y, z, end, p)
    case Zip.prelu: return zipSlowly<T>(Zip.prelu, x, y, z, end, p)
    case Zip.leakyGate: return zipAll<T>(Zip.leakyGate, x, y, z, end, p)
    case Zip.eluPullback: return zipSlowly<T>(Zip.eluPullback, x, y, z, end, p)
    case Zip.siluPullback: return zipSlowly<T>(Zip.siluPullback, x, y, z, end, p)
    case Zip.geluPullback: return zipSlowly<T>(Zip.geluPullback, x, y, z, end, p)
    case Zip.geluTanhPullback: return zipSlowly<T>(Zip.geluTanhPullback, x, y, z, end, p)
    default: zipSlowly<T>(Zip.mishPullback, x, y, z, end, p)
  }
}

export function map_f32(f: i32, x: usize, z: usize, n: usize, p: f64): void { map<f32>(f, x, z, n, p) }
export function map_f64(f: i32, x: usize, z: usize, n: usize, p: f64): void { map<f64>(f, x, z, n, p) }
export function zip_f32(f: i32, x: usize, y: usize, z: usize, n: usize, p: f64): void { zip<f32>(f, x, y, z, n, p) }
export function zip_f64(f: i32, x: usize, y: usize, z: usize, n: usize, p: f64): void { zip<f64>(f, x, y, z, n, p) }
