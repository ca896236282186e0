import { type Engine, shown } from '../engine.ts'
import type { FurtherKernels, ImageKernels, NormalizationKernels } from '../kernels.ts'
import { adam } from './adam.ts'
import { convolve, convolveToImages, convolveToKernels } from './convolution.ts'
import { map, zip } from './elementwise.ts'
import { affine, matmul } from './matmul.ts'
import { cast, concat, copy, gather, padTo, pick, place, putAlong, scatterAdd, takeAlong } from './move.ts'
import { moments, normalize, normalizePullback } from './normalize.ts'
import { threefry, uniform } from './random.ts'
import { argmax, argsort, crossEntropy, crossEntropyPullback, logSumExp, rows, softmaxPullback, sum } from './rows.ts'
import { col2im, im2col, maxPool } from './windows.ts'

/** The kernels of all sets but the core. */
const further: FurtherKernels & ImageKernels & NormalizationKernels = {
  map,
  zip,
  moments,
  normalize,
  normalizePullback,
  im2col,
  col2im,
  convolve,
  convolveToImages,
  convolveToKernels,
  maxPool,
}

/**
 * The engine in plain TypeScript, which computes in double precision: the oracle of the specs, and for `useEngine` where
 * WebAssembly may not be compiled. It is slower, and results differ from those of `wasm` by rounding only.
 *
 * @example
 * import { engine, useEngine } from 'pullback'
 * import { reference } from 'pullback/reference'
 * const before = useEngine(reference)
 * engine().name // => 'reference'
 * useEngine(before)
 */
export const reference: Engine = shown({
  name: 'reference',
  threads: 1,
  features: [],
  bytes: 0,
  stop: () => {},
  withThreads: () => reference,
  scope: (step) => step((x) => x.buffer),
  load: (program, { interpreted }) => interpreted(program, reference),
  copy,
  cast,
  map,
  zip,
  sum,
  argmax,
  argsort,
  matmul,
  affine,
  rows,
  softmaxPullback,
  logSumExp,
  crossEntropy,
  crossEntropyPullback,
  gather,
  scatterAdd,
  pick,
  place,
  takeAlong,
  putAlong,
  adam,
  concat,
  padTo,
  threefry,
  uniform,
  with: <K>() => further as K,
})
