import { ValueError } from '../error/tensorError.ts'
import { type Data, describe } from '../tensor/data.ts'
import type { Raw } from '../tensor/view.ts'
import type { Exchange, Kernels } from './kernels.ts'
import type { Loaded, Program } from './program.ts'

/** Kernels, and the memory and the threads that they use. */
export interface Engine extends Kernels {
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
  /**
   * Runs a step during which the engine may keep results to itself: they are gone when it ends. `keep`, which the step
   * gets, copies the numbers of a tensor out. A step may be run again: it must be a pure function.
   */
  readonly scope: <A>(step: (keep: (x: Raw) => Data) => A) => A
  /** True while a program is recorded: its tensors stand for numbers of any run. */
  readonly isRecording?: true | undefined
  /** Writes down an exchange of the numbers of tensors, while a program is recorded. Nothing is exchanged then. */
  readonly exchange?: ((tensors: readonly Raw[], exchange: Exchange) => readonly Data[]) | undefined
  /** Makes a program ready to run on this engine. */
  readonly load: (program: Program) => Loaded
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
