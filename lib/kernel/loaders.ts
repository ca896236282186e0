import { interpret } from './interpret.ts'
import { load } from './wasm/program/load.ts'

/**
 * The ways to make a program ready to run. Who has a program gives them to an engine, which takes its own: so engines do
 * not carry them where nothing is recorded.
 */
export const loaders = {
  /** The calls as words in the memory of an engine. */
  inMemory: load,
  /** The calls of the kernels of an engine without memory of its own, one after the other. */
  interpreted: interpret,
}

export type Loaders = typeof loaders
