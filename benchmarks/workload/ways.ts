// The ways to run a step of training or a prediction.
import { type Compiled, compile } from 'pullback'

interface Way {
  /** What is made of a function before it is run, again and again. */
  readonly prepare: <A extends readonly unknown[], R>(f: (...args: A) => R) => (...args: A) => R
  /** The number of steps from one state that is handed out to the next. */
  readonly every: number
}

/** By the names that options take; 'plain' runs the function as it is. */
export const ways: Readonly<Record<string, Way>> = {
  plain: { prepare: (f) => f, every: 1 },
  compiled: { prepare: compile, every: 1 },
  scanned: { prepare: compile, every: 100 },
}

/** The way with a name. */
export const wayOf = (name: string): Way => {
  const found = ways[name]
  if (found !== undefined) return found
  throw new Error(`a way to run a step: ${Object.keys(ways).join(', ')}, not '${name}'`)
}

/** Ends a benchmark of compiled functions if one that has been called runs without a program. */
export const checkCompiled = (f: unknown): void => {
  const { reason } = f as Partial<Compiled>
  if (reason !== undefined) throw new Error(`a function to be compiled runs as it is: ${reason}`)
}
