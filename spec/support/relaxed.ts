import { setFlagsFromString } from 'node:v8'
import type { Engine, ValueError } from 'pullback'
import { type RelaxedOptions, relaxed } from 'pullback/relaxed'
import type * as E from '#fp/Either'

/** The engine with relaxed SIMD, which Node 20 has behind a flag. */
export const relaxedHere = (options?: RelaxedOptions): E.Either<ValueError, Engine> => {
  if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd')
  return relaxed(options)
}
