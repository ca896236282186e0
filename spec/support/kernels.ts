import type { Engine } from '../../lib/kernel/engine.ts'
import type { Entrywise, ImageKernels, Kernels, NormalizationKernels } from '../../lib/kernel/kernels.ts'
import { maps, zips } from '../../lib/kernel/names.ts'
import { further } from '../../lib/kernel/wasm/set/further.ts'
import { images } from '../../lib/kernel/wasm/set/images.ts'
import { normalization } from '../../lib/kernel/wasm/set/normalization.ts'
import type { AnyMapName, AnyZipName } from '../../lib/op/elementwise/kernels.ts'

/** The kernels of all sets. */
export type KernelsOfAllSets = Omit<Kernels, 'map' | 'zip'> &
  Entrywise<AnyMapName, AnyZipName> &
  ImageKernels &
  NormalizationKernels

/** An engine with the kernels of all sets, whichever set they are in. */
export const withAll = (engine: Engine): Omit<Engine, 'map' | 'zip'> & KernelsOfAllSets => {
  const others = engine.with(further)
  return {
    ...engine,
    ...engine.with(images),
    ...engine.with(normalization),
    map: (f, x, p) => (f in maps ? engine : (others as unknown as Engine)).map(f as never, x, p),
    zip: (f, x, y, p) => (f in zips ? engine : (others as unknown as Engine)).zip(f as never, x, y, p),
  }
}
