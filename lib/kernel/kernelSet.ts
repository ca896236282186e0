import type { Kernels } from './kernels.ts'
import type { ImageKernelName, NormalizationKernelName } from './names.ts'
import type { KernelExports, Products } from './wasm/exports.ts'
import type { Heap } from './wasm/memory.ts'

/**
 * Kernels that come together, with their code: a program carries the core, and of the other sets those whose operations
 * it imports. An engine makes a set ready at its first use. Only the library makes sets: what an engine does with one is
 * not declared.
 */
export interface KernelSet<K> {
  readonly name: string
  /** @internal The code of a module for the memory of the core. */
  readonly code: () => Uint8Array
  /** @internal The exports that a program may call, by their codes, with the kinds of their arguments. */
  readonly signatures: Readonly<Record<string, string>>
  /** @internal The kernels on a heap, by the exports of the core and of the set. */
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
