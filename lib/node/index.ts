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
export { type Interruptible, interruptible } from './interruptible.ts'
export { loadModel, saveModel } from './model.ts'
export { type NativeOptions, native } from './native.ts'
export { loadNpy, loadNpz, saveNpy, saveNpz } from './numpy.ts'
export { type LoadOnnxOptions, loadOnnx } from './onnx.ts'
export { type Output, type ProgressOptions, progress } from './progress.ts'
export { readIdx } from './readIdx.ts'
export { type LoadTensorsOptions, listTensors, loadSafetensors, saveSafetensors } from './safetensors.ts'
export { loadTfjs } from './tfjs.ts'
