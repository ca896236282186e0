import * as TE from '#fp/TaskEither'
import { useEngine } from '../../lib/kernel/engine.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'

/** An engine to measure. */
export interface Engine {
  /** Engines that differ in threads only are of one family, and the best of them counts. */
  readonly family: string
  readonly threads: number
  /** Makes it compute from here on: its name in full, or why it is absent. */
  readonly use: TE.TaskEither<string, string>
  /** The bytes of its own memory, if it has one: they must not grow with the steps of a training run. */
  readonly memory?: () => number
}

const referenceEngine: Engine = {
  family: 'reference',
  threads: 1,
  use: TE.fromIO(() => {
    useEngine(reference)
    return reference.name
  }),
}

/** The engines by the names that options take. */
export const engines: Readonly<Record<string, Engine>> = {
  reference: referenceEngine,
}

/** The engine with a name. */
export const engineOf = (name: string): Engine => {
  const found = engines[name]
  if (found !== undefined) return found
  throw new Error(`an engine: ${Object.keys(engines).join(', ')}, not '${name}'`)
}
