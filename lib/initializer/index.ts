export { constant, zeros } from './constant.ts'
export { type NormalOptions, normal, truncatedNormal, uniform } from './drawn.ts'
export { gain } from './gain.ts'
export { identityMap } from './identityMap.ts'
export { orthogonal } from './orthogonal.ts'
export { sparse } from './sparse.ts'
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  type VarianceOptions,
  varianceScaling,
} from './varianceScaling.ts'
