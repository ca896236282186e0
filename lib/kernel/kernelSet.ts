import type { Kernels } from './kernels.ts'
import type { ImageKernelName, NormalizationKernelName } from './names.ts'
import type { KernelExports, Products } from './wasm/exports.ts'
import type { Heap } from './wasm/memory.ts'

/**
 * Kernels that come together, with their code: a program carries the core, and of the other sets those whose operations
 * it imports. An engine makes a set ready at its first use.
 */
export interface KernelSet<K> {
  readonly name: string
  /** The code of a module for the memory of the core. */
  readonly code: () => Uint8Array
  /** The exports that a program may call, in the order of their codes, with the kinds of their arguments. */
  readonly signatures: Readonly<Record<string, string>>
  /** The kernels on a heap, by the exports of the core and of the set. */
  readonly kernelsOn: (
    heap: Heap,
    exports: KernelExports<ImageKernelName | NormalizationKernelName>,
    product: Products,
  ) => K
}

/** The kernels of the core, and of every other set. */
export interface AllKernels extends Kernels {
  /** The kernels of a set beyond the core. */
  readonly with: <K>(set: KernelSet<K>) => K
}
