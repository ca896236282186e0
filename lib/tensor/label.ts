import { ValueError } from '../error/tensorError.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'
import { indexDType } from './data.ts'
import { inspect } from './inspect.ts'
import { copied } from './pack.ts'
import { indexOf, showShape } from './shape.ts'
import { fresh, raw } from './view.ts'

/** Checks that class labels or indices all lie in 0 … count − 1. */
export const checkLabels = <T extends AnyTensor>(op: string, labels: T, count: number, what = 'labels'): T => {
  indexDType(op, labels)
  inspect([raw(labels)], (ids) => {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number
      if (id < 0 || id >= count)
        throw new ValueError({
          op,
          expected: count === 0 ? `no ${what}, since there is nothing to name` : `${what} from 0 to ${count - 1}`,
          actual: `${id} at index ${showShape(indexOf(i, labels.shape))}`,
          code: 'unknown-label',
        })
    }
  })
  return labels
}

/** Indices [rows, ...] with `step` added once in the second row, twice in the third, and so on. */
export const offsetRows = (index: AnyTensor, step: number): Tensor<Shape, 'int32'> => {
  const data = copied(raw(index)) as Int32Array
  const row = data.length / (index.shape[0] as number)
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) + Math.floor(i / row) * step
  return fresh(index.shape, data)
}
