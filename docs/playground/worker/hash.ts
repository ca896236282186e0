// A short name for the bits of some parameters: FNV-1a over the bytes of all tensors, in the order of their names.
import { toTypedArray, tree } from 'pullback'

export const hashOf = (params: unknown): string => {
  let hash = 0x811c9dc5
  for (const tensor of tree.leaves(params as tree.Tree)) {
    const { buffer, byteOffset, byteLength } = toTypedArray(tensor)
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
