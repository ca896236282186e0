export {
  type Checkpoint,
  type CheckpointFile,
  type LoadOptions,
  latestCheckpoint,
  loadCheckpoint,
  type SaveOptions,
  saveCheckpoint,
} from './checkpoint.ts'
export { loadBytes, saveBytes } from './durable.ts'
export { loadModel, saveModel } from './model.ts'
export { type NativeOptions, native } from './native.ts'
export { readIdx } from './readIdx.ts'
