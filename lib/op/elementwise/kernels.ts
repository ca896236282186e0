// The kernels of one tensor and of two tensors, entry by entry, with their checks.
import { engine } from '../../kernel/current.ts'
import type { KernelSet } from '../../kernel/kernelSet.ts'
import type { Entrywise, FurtherKernels } from '../../kernel/kernels.ts'
import type { FurtherMapName, FurtherZipName, MapName, ZipName } from '../../kernel/names.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { checkSame } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { AnyTensor } from '../../type/tensor.ts'

export type AnyMapName = MapName | FurtherMapName
export type AnyZipName = ZipName | FurtherZipName

/** Behind the name of a function, the set that its kernel is in, if that is not the core. */
export type SetOf<F extends AnyMapName | AnyZipName> = F extends MapName | ZipName
  ? readonly []
  : readonly [set: KernelSet<FurtherKernels>]

/** The kernels of the current engine that are in the core or in a set. */
const kernelsIn = ([set]: readonly KernelSet<FurtherKernels>[]): Entrywise<string, string> =>
  (set === undefined ? engine() : engine().with(set)) as never

/** A kernel applied to each entry of one tensor. */
export const entrywise =
  <F extends AnyMapName>(f: F, ...set: SetOf<F>) =>
  (x: AnyTensor, p?: number): AnyTensor => {
    floatDType(f, x)
    return fresh(x.shape, kernelsIn(set).map(f, raw(x), p))
  }

/** A kernel applied to each pair of entries of two tensors of one shape. */
export const pairwise =
  <F extends AnyZipName>(f: F, ...set: SetOf<F>) =>
  (x: AnyTensor, y: AnyTensor, p?: number): AnyTensor => {
    floatDType(f, x)
    sameDType(f, x, y)
    checkSame(f, x, y)
    return fresh(x.shape, kernelsIn(set).zip(f, raw(x), raw(y), p))
  }
