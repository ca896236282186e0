// The one list of names of kernels: the types of engines are derived from it, and the build makes from it the codes and
// the exports of the SIMD kernels. They come in sets, each a module of its own: the core, which whatever computes has,
// and those that come with the operations that call them.

/**
 * Functions of one number, each with the number of vectors per turn of its loop: 4 for functions of few steps; 1 keeps
 * the code of the others small. Those with a parameter p get it from the call.
 */
export const maps = {
  neg: 4,
  exp: 1,
  expm1: 1, // eˣ − 1
  log: 1,
  sqrt: 4,
  tanh: 2,
  sigmoid: 1,
  relu: 4,
  softplus: 1, // log(1 + exp(p · x)) / p, for p < 0 too
  scale: 4, // p · x
  shift: 1, // x + p
  atLeast: 1, // max(x, p); NaN stays NaN
  atMost: 1, // min(x, p); NaN stays NaN
  below: 1, // 1 where x < p, else 0
  abs: 1,
  erfinv: 1,
} as const
export type MapName = keyof typeof maps

/** Functions of two numbers, as `maps`. The pullbacks take the cotangent first, then the argument. */
export const zips = {
  add: 4,
  sub: 4,
  mul: 4,
  div: 4,
  maskAbove: 4, // d where x > p, else 0
  tanhPullback: 1, // d · 4 σ(2x) σ(−2x)
  sigmoidPullback: 1, // d · σ(x) σ(−x)
  addScaled: 4, // x + p · y, for p from the call
  maximum: 1, // NaN where either is NaN; 0 is above −0
  minimum: 1,
  greater: 1, // 1 where x > y, else 0
  greaterEqual: 1, // 1 where x ≥ y, else 0
} as const
export type ZipName = keyof typeof zips

/** Functions of one number that few networks have, as `maps`. */
export const furtherMaps = {
  erf: 1,
  leakyRelu: 4, // x where x > 0, else p · x
  elu: 1, // x where x > 0, else p · (eˣ − 1)
  normalCdf: 1, // Φ(x)
  silu: 1, // x · σ(x)
  gelu: 1, // x · Φ(x)
  geluTanh: 1, // x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))
  mish: 1, // x · tanh(log(1 + eˣ))
  floor: 1,
  round: 1, // to the nearest whole number; halves to the even one
  log1p: 1, // log(1 + x)
  sin: 1,
  cos: 1,
} as const
export type FurtherMapName = keyof typeof furtherMaps

/** Functions of two numbers that few networks have, as `zips`. */
export const furtherZips = {
  prelu: 1, // x where x > 0, else x · y
  maskLeaky: 4, // d where x > 0, else p · d
  eluPullback: 1, // d where x > 0, else d · p · eˣ
  siluPullback: 1, // d · σ(x) (1 + x (1 − σ(x)))
  geluPullback: 1, // d · (Φ(x) + x φ(x))
  geluTanhPullback: 1,
  mishPullback: 1,
  atan2: 1, // the angle of the point (y, x), from −π to π
} as const
export type FurtherZipName = keyof typeof furtherZips

/** Kernels that are compiled for float32 and for float64, besides `map` and `zip`. */
export const kernels = [
  'product',
  'split',
  'sumRows',
  'sumColumns',
  'softmax',
  'logSoftmax',
  'softmaxPullback',
  'logSumExp',
  'cumsum',
  'crossEntropy',
  'crossEntropyPullback',
  'adam',
  'uniform',
  'scatterAdd',
  'putAlong',
] as const
export type KernelName = (typeof kernels)[number]

/** Those of images. */
export const imageKernels = [
  'im2col',
  'col2im',
  'maxPool',
  'depthwise',
  'depthwiseToImages',
  'depthwiseToKernels',
  'transpose',
] as const
export type ImageKernelName = (typeof imageKernels)[number]

/** Those of normalization. */
export const normalizationKernels = [
  'rowMoments',
  'groupMoments',
  'normalizeRows',
  'normalizeGroups',
  'normalizeRowsPullback',
  'normalizeGroupsPullback',
] as const
export type NormalizationKernelName = (typeof normalizationKernels)[number]

/** Kernels that do not depend on the number format. */
export const moving = [
  'repeat',
  'threefry',
  'clear',
  'move',
  'gather',
  'pick',
  'takeAlong',
  'argmax',
  'argsort',
  'widen',
  'narrow',
  'fromInt32',
  'toInt32',
] as const

/** Exports for threads. */
export const threading = ['workspace', 'enter', 'work', 'ready', 'end'] as const
