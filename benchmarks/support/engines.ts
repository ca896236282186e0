import { type Engine as Computes, engine, useEngine } from 'pullback'
import { native } from 'pullback/node'
import * as E from '#fp/Either'
import { pipe } from '#fp/function'
import type * as TE from '#fp/TaskEither'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'

/** An engine to measure. */
export interface Engine {
  /** Engines of one family differ only in their threads, and the best of them counts. */
  readonly family: string
  readonly threads: number
  /** Makes it the current engine; returns its full name, or the reason why it is absent. */
  readonly use: TE.TaskEither<string, string>
  /** The bytes of its own memory: they must not grow with the steps of a training run. */
  readonly memory: () => number
}

/** Makes an engine current, created once; its threads start with its first large product. */
const using = (family: string, threads: number, make: () => E.Either<Error, Computes>): Engine => {
  let made: E.Either<Error, Computes> | undefined
  return {
    family,
    threads,
    use: async () => {
      made ??= make()
      return pipe(
        made,
        E.bimap(
          (e) => e.message,
          (it) => {
            useEngine(it)
            return [it.name, ...it.features].join(', ')
          },
        ),
      )
    },
    memory: () => engine().bytes,
  }
}

/** The engines by the names that options take. */
export const engines: Readonly<Record<string, Engine>> = {
  wasm: using('wasm', 1, () => E.right(wasm())),
  'wasm-2': using('wasm', 2, () => E.right(wasm({ threads: 2 }))),
  native: using('native', 1, () => native()),
  'native-2': using('native', 2, () => native({ threads: 2 })),
  reference: using('reference', 1, () => E.right(reference)),
}

/** The engine with a name. */
export const engineOf = (name: string): Engine => {
  const found = engines[name]
  if (found !== undefined) return found
  throw new Error(`an engine: ${Object.keys(engines).join(', ')}, not '${name}'`)
}
