import { checkThreads, type Engine, shown } from '../engine.ts'
import type { KernelSet } from '../kernelSet.ts'
import { byFormat, compiled, type Exports, instantiate, jobs, type ProductArguments, type Products } from './exports.ts'
import { makeHeap } from './heap.ts'
import type { MemoryOptions } from './memory.ts'
import { movesByScope } from './move.ts'
import { core } from './set/core.ts'
import { canShare, makePool } from './threads.ts'

/** The memory of an engine, and the kernels that are compiled for it. */
export interface Ground {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly exports: Exports
}

/** The matrix products of an engine, on its memory; they also give the engine its name and threads. */
export interface Multiplier extends Pick<Engine, 'name' | 'threads' | 'features' | 'stop' | 'withThreads'> {
  readonly product: Products
  /** True for a product that an export of the module computes. */
  readonly isExport: (args: ProductArguments) => boolean
}

/** The code of each set of kernels, and the features of the machine that it uses. */
export interface Code {
  readonly of: (set: KernelSet<unknown>) => Uint8Array
  readonly features: readonly string[]
}

/** The code that every machine with WebAssembly and its SIMD can run. */
export const portable: Code = { of: (set) => set.code(), features: ['128-bit SIMD'] }

/** A memory that may grow to a maximum of pages; the maximum is halved while the system refuses it. */
const makeMemory = (pages: number, shared: boolean): readonly [memory: WebAssembly.Memory, pages: number] => {
  const initial = Math.min(512, pages)
  try {
    return [new WebAssembly.Memory({ initial, maximum: pages, shared }), pages]
  } catch (e) {
    if (!(e instanceof RangeError) || pages <= initial) throw e
    return makeMemory(Math.floor(pages / 2), shared)
  }
}

/** The kernels of a set on a memory, and the export that runs the calls of programs. */
interface Ready<K = unknown> {
  readonly kernels: K
  readonly execute: (from: number, to: number) => void
}

/** An engine on one WebAssembly memory. */
export const onMemory = (
  { poison = false, pages: most = 65_536 }: MemoryOptions,
  threads: number,
  multiplier: (ground: Ground) => Multiplier,
  code: Code = portable,
): Engine => {
  const shared = threads > 1
  const [memory, pages] = makeMemory(most, shared)
  const module = compiled(code.of(core), shared)
  const ownExports = instantiate(module, memory)
  const exports: Exports = byFormat(ownExports)
  const made = multiplier({ module, memory, exports })
  const { product, isExport } = made
  const heap = makeHeap(memory, exports, jobs + threads * exports.workspace(), { pages, poison })
  const sets = new Map<KernelSet<unknown>, Ready>()
  /** A set of kernels on the memory of the core. */
  const ready = <K>(set: KernelSet<K>): Ready<K> => {
    const found = sets.get(set)
    if (found !== undefined) return found as Ready<K>
    const own = set === core ? ownExports : instantiate(compiled(code.of(set), shared), memory)
    const made = {
      kernels: set.kernelsOn(heap, byFormat({ ...ownExports, ...own }), product),
      execute: own.execute as Ready['execute'],
    }
    sets.set(set, made)
    return made
  }
  const kernels: Omit<Engine, keyof Multiplier> = {
    ...ready(core).kernels,
    ...movesByScope(heap, exports),
    with: (set) => ready(set).kernels,
    get bytes() {
      return memory.buffer.byteLength
    },
    scope: heap.scope,
    load: (program, { inMemory }) =>
      inMemory(program, { isExport, product, heap, executeOf: (set) => ready(set).execute }),
  }
  // Not spread into one record: the number of threads is read anew each time.
  const { product: _, isExport: __, ...about } = Object.getOwnPropertyDescriptors(made)
  return shown(Object.defineProperties(kernels, about) as Engine)
}

export interface WasmOptions extends MemoryOptions {
  /** The number of threads for matrix products, including this one; 1 where threads cannot share memory. */
  readonly threads?: number | undefined
}

/** The engine with 128-bit SIMD kernels. Throws without WebAssembly or its SIMD. */
export const wasm = (options: WasmOptions = {}, code: Code = portable): Engine => {
  checkThreads(options.threads ?? 1)
  const threads = canShare() ? (options.threads ?? 1) : 1
  const multiplier = ({ module, memory, exports }: Ground): Multiplier => {
    const alone = { float32: exports.float32.product, float64: exports.float64.product }
    const pool = threads > 1 ? makePool(module, memory, exports, threads) : undefined
    return {
      name: 'wasm',
      get threads() {
        return pool?.threads() ?? 1
      },
      features: [...code.features, ...(threads > 1 ? ['shared memory'] : [])],
      withThreads: (n) => (canShare() ? wasm({ ...options, threads: n }, code) : engine),
      stop: pool?.stop ?? (() => {}),
      product: pool?.product ?? alone,
      isExport: pool?.isSmall ?? (() => true),
    }
  }
  const engine: Engine = onMemory(options, threads, multiplier, code)
  return engine
}
