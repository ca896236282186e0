export { decodeNpy, encodeNpy } from './npy.ts'
export { decodeNpz, encodeNpz, type NpzOptions, type NpzWriteOptions, type Tensors } from './npz.ts'
