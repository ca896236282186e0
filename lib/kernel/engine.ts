import { ValueError } from '../error/tensorError.ts'
import { type Data, describe } from '../tensor/data.ts'
import type { Raw } from '../tensor/view.ts'
import type { AllKernels } from './kernelSet.ts'
import type { Exchange, Scope } from './kernels.ts'
import type { Loaders } from './loaders.ts'
import type { Loaded, Program } from './program.ts'

/** Kernels, and the memory and the threads that they use. */
export interface Engine extends AllKernels {
  readonly name: string
  /** The number of computing threads; fewer than asked for, once one could not start. */
  readonly threads: number
  /** The features of the machine that it uses: '128-bit SIMD', the processor that a library has found. */
  readonly features: readonly string[]
  /** The bytes of memory that it holds for itself. */
  readonly bytes: number
  /** Ends its threads; they start again when needed. */
  readonly stop: () => void
  /** The same engine, on another number of threads. */
  readonly withThreads: (n: number) => Engine
  readonly scope: Scope
  /** True while a program is recorded: its tensors stand for numbers of any run. */
  readonly isRecording?: true | undefined
  /** Writes down an exchange of the numbers of tensors, while a program is recorded. Nothing is exchanged then. */
  readonly exchange?: ((tensors: readonly Raw[], exchange: Exchange) => readonly Data[]) | undefined
  /** Makes a program ready to run on this engine, in one of the given ways or in its own. */
  readonly load: (program: Program, by: Loaders) => Loaded
}

/** Checks a number of threads. */
export const checkThreads = (n: number): void => {
  if (Number.isInteger(n) && n >= 1 && n <= 64) return
  throw new ValueError({ op: 'threads', expected: 'a number from 1 to 64', actual: describe(n) })
}

/** An engine that Node prints by its description, not by its kernels. */
export const shown = (kernels: Engine): Engine =>
  Object.defineProperty(kernels, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => ({ name: kernels.name, threads: kernels.threads, features: kernels.features, bytes: kernels.bytes }),
  })
