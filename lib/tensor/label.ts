import { ValueError } from '../error/tensorError.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { indexDType } from './data.ts'
import { packed } from './pack.ts'
import { indexOf, showShape } from './shape.ts'
import { raw } from './view.ts'

/** Class labels or indices that all lie in 0 … count − 1. */
export const checkLabels = <T extends AnyTensor>(op: string, labels: T, count: number): T => {
  indexDType(op, labels)
  const ids = packed(raw(labels))
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number
    if (id < 0 || id >= count)
      throw new ValueError({
        op,
        expected: count === 0 ? 'none, since there is nothing to name' : `labels from 0 to ${count - 1}`,
        actual: `${id} at index ${showShape(indexOf(i, labels.shape))}`,
      })
  }
  return labels
}
