export { adam_f32, adam_f64 } from './adam'
export {
  depthwise_f32, depthwise_f64, depthwiseToImages_f32, depthwiseToImages_f64, depthwiseToKernels_f32, depthwiseToKernels_f64,
  turn_f32, turn_f64,
} from './depthwise'
export { map_f32, map_f64, zip_f32, zip_f64 } from './elementwise'
export { workspace } from './blocked'
export {
  groupMoments_f32, groupMoments_f64, normalizeGroups_f32, normalizeGroups_f64, normalizeGroupsPullback_f32,
  normalizeGroupsPullback_f64,
} from './normalizeGroups'
export {
  normalizeRows_f32, normalizeRows_f64, normalizeRowsPullback_f32, normalizeRowsPullback_f64, rowMoments_f32,
  rowMoments_f64,
} from './normalizeRows'
export { product_f32, product_f64, repeat } from './product'
export { threefry, uniform_f32, uniform_f64 } from './random'
export {
  crossEntropy_f32, crossEntropy_f64, crossEntropyPullback_f32, crossEntropyPullback_f64, logSoftmax_f32,
  logSoftmax_f64, logSumExp_f32, logSumExp_f64, softmax_f32, softmax_f64,
} from './softmax'
export { sumColumns_f32, sumColumns_f64, sumRows_f32, sumRows_f64 } from './sum'
export {
  col2im_f32, col2im_f64, im2col_f32, im2col_f64, maxPool_f32, maxPool_f64, scatterAdd_f32, scatterAdd_f64,
} from './windows'
