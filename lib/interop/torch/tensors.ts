import { StructureError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { isTensor } from '../../tensor/view.ts'
import { isBranch } from '../../tree/tree.ts'
import type { AnyTensor } from '../../type/tensor.ts'

/** A flat record of tensors as a map, in its order. */
export const checkTensors = (op: string, tensors: unknown): ReadonlyMap<string, AnyTensor> => {
  if (!isBranch(tensors) || isTensor(tensors))
    throw new StructureError({
      op,
      expected: 'a record of tensors by their names in the file',
      actual: describe(tensors),
      remedy: 'decodeSafetensors gives one as right.tensors, decodeNpz as right',
    })
  for (const [name, tensor] of Object.entries(tensors))
    if (!isTensor(tensor))
      throw new StructureError({ op, expected: 'a tensor', actual: describe(tensor), path: [name] })
  return new Map(Object.entries(tensors as { readonly [name: string]: AnyTensor }))
}
