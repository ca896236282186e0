export { readIdx } from './readIdx.ts'
