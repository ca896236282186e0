import type { Kernels } from './kernels.ts'
import { reference } from './reference/reference.ts'

let current: Kernels = reference

/** The engine that computes now. */
export const engine = (): Kernels => current

/** Makes another engine compute from here on; returns the one before. */
export const useEngine = (next: Kernels): Kernels => {
  const before = current
  current = next
  return before
}
