export { bernoulli, bits, normal, permutation, uniform } from './draw.ts'
export { foldIn, type Key, key, split } from './key.ts'
export { truncatedNormal } from './truncatedNormal.ts'
