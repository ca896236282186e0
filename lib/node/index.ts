export { type NativeOptions, native } from './native.ts'
export { readIdx } from './readIdx.ts'
