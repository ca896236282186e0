// The kernels of one tensor and of two tensors, entry by entry, with their checks.
import { engine } from '../../kernel/current.ts'
import type { MapName, ZipName } from '../../kernel/names.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { checkSame } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { AnyTensor } from '../../type/tensor.ts'

/** A kernel applied to each entry of one tensor. */
export const entrywise =
  (f: MapName) =>
  (x: AnyTensor, p?: number): AnyTensor => {
    floatDType(f, x)
    return fresh(x.shape, engine().map(f, raw(x), p))
  }

/** A kernel applied to each pair of entries of two tensors of one shape. */
export const pairwise =
  (f: ZipName) =>
  (x: AnyTensor, y: AnyTensor, p?: number): AnyTensor => {
    floatDType(f, x)
    sameDType(f, x, y)
    checkSame(f, x, y)
    return fresh(x.shape, engine().zip(f, raw(x), raw(y), p))
  }
