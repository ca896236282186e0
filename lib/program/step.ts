/**
 * The parts of a step of a run, [state, metrics] from a state and an item of data, which let a program run many steps
 * at once. `trainStep` gives them with its steps.
 */
export interface StepParts {
  /** Checks a state, and gives what the step uses of it. */
  readonly state: (state: never) => unknown
  /** Checks an item of data, and gives what the step uses of it. */
  readonly item: (item: never) => unknown
  /** The step without checks. The metrics that it reads are still tensors of shape []. */
  readonly core: (state: never, item: never) => readonly [state: unknown, metrics: unknown]
  /** The names of the metrics that the step gives as numbers. */
  readonly read: readonly string[]
  /** True if the metrics are fit to go on; if not, the step itself finds the error. */
  readonly accepts: (metrics: never) => boolean
  /** True for a step that others make at the same time, which must not be run once more: its errors are thrown at once. */
  readonly isShared?: boolean | undefined
}

/** A step that can run many times: it pulls items until there are no more, or `isOver`, asked with their number after each one. */
export type RunMany<A, B, M> = (
  state: A,
  pull: () => IteratorResult<B, unknown>,
  isOver: (steps: number) => boolean,
) => { readonly state: A; readonly metrics: readonly M[]; readonly isDone: boolean }

/** A function with the parts of a step. */
export const withParts = <F extends (...args: never[]) => unknown>(step: F, parts: StepParts): F =>
  Object.defineProperty(step, 'parts', { value: parts })

export const partsOf = (step: unknown): StepParts | undefined => (step as { readonly parts?: StepParts }).parts
