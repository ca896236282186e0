// The ways to run a step of training or a prediction.
import { type Compiled, compile } from 'pullback'

/** What is made of a function before it is run, again and again. */
type Way = <A extends readonly unknown[], R>(f: (...args: A) => R) => (...args: A) => R

/** By the names that options take; 'plain' runs the function as it is. */
export const ways: Readonly<Record<string, Way>> = {
  plain: (f) => f,
  compiled: compile,
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
