import type { Kernels } from './kernels.ts'
import { reference } from './reference/reference.ts'
import { wasm } from './wasm/wasm.ts'

/** The fastest that runs here: where WebAssembly, its SIMD, or the page's permission to compile it is missing, the reference. */
const fastest = (): Kernels => {
  try {
    return wasm()
  } catch {
    return reference
  }
}

let current: Kernels | undefined

/** The engine that computes now. */
export const engine = (): Kernels => {
  current ??= fastest()
  return current
}

/** Makes another engine compute from here on; returns the one before. */
export const useEngine = (next: Kernels): Kernels => {
  const before = engine()
  current = next
  return before
}
