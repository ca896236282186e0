export { decodeNpy, encodeNpy } from './npy.ts'
export { decodeNpz, encodeNpz, type NpzWriteOptions, type Tensors } from './npz.ts'
