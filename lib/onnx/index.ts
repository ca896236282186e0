export { type FromOnnxOptions, fromOnnx, type OnnxModel } from './fromOnnx.ts'
export type { ImageLayout, OnnxPort } from './graph/port.ts'
export type { Limits as OnnxLimits } from './proto/limits.ts'
export { type ToOnnxOptions, toOnnx } from './toOnnx.ts'
