// The kernel calls of an engine, with their numbers: those of WebAssembly, and the products of OpenBLAS.
import { createRequire } from 'node:module'
import type { Engine } from 'pullback'
import { further } from '../../lib/kernel/wasm/set/further.ts'
import { images } from '../../lib/kernel/wasm/set/images.ts'
import { normalization } from '../../lib/kernel/wasm/set/normalization.ts'

// biome-ignore lint/suspicious/noExplicitAny: a kernel takes numbers or addresses, and gives what nobody reads
type Kernel = (...args: any[]) => unknown

export type Call = readonly [kernel: Kernel, args: readonly unknown[]]

export interface Recorder {
  readonly engine: Engine
  /** The calls that a program makes while it runs. */
  readonly calls: (run: () => void) => readonly Call[]
  /** The bytes that the kernels work on, as they are now. */
  readonly bytes: () => Uint8Array
}

interface Koffi {
  load: (path: string) => { readonly func: (declaration: string) => Kernel }
}

/** Replaces a property of an object while a function runs. */
const replacing = <T extends object, K extends keyof T, A>(at: T, name: K, value: T[K], run: () => A): A => {
  const before = at[name]
  at[name] = value
  try {
    return run()
  } finally {
    at[name] = before
  }
}

/**
 * Makes an engine whose kernels can be recorded. While it is being made, instances of WebAssembly have exports that
 * write their calls down, and so have the products of a library that koffi loads.
 */
export const recorded = (make: () => Engine): Recorder => {
  let list: Call[] | undefined
  let memory: WebAssembly.Memory | undefined
  const recording =
    (kernel: Kernel): Kernel =>
    (...args) => {
      list?.push([kernel, args])
      return kernel(...args)
    }
  const Instance = new Proxy(WebAssembly.Instance, {
    construct(Original, [module, imports]: [WebAssembly.Module, WebAssembly.Imports]) {
      memory = imports.env?.memory as WebAssembly.Memory
      const exports = Object.entries(new Original(module, imports).exports).map(([name, f]) => [
        name,
        typeof f === 'function' ? recording(f as Kernel) : f,
      ])
      return { exports: Object.fromEntries(exports) }
    },
  })
  const koffi = createRequire(import.meta.url)('koffi') as Koffi
  const load: Koffi['load'] = (path) => {
    const library = original(path)
    const isProduct = (declaration: string): boolean => declaration.includes('gemm')
    return { func: (declaration) => (isProduct(declaration) ? recording : (f: Kernel) => f)(library.func(declaration)) }
  }
  const { load: original } = koffi
  /** The engine with all sets of kernels, which are made at their first use. */
  const complete = (): Engine => {
    const engine = make()
    for (const set of [further, images, normalization]) engine.with<unknown>(set)
    return engine
  }
  const engine = replacing(WebAssembly, 'Instance', Instance, () => replacing(koffi, 'load', load, complete))
  return {
    engine,
    calls: (run) => {
      const found: Call[] = []
      list = found
      try {
        run()
      } finally {
        list = undefined
      }
      return found
    },
    bytes: () => new Uint8Array(memory?.buffer.slice(0) ?? []),
  }
}
