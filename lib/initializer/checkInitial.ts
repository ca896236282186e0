import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'

const remedyFor = (given: unknown): string | undefined => {
  if (typeof given === 'number') return `constant(${given}) makes one`
  return isTensor(given) ? 'pass existing parameters to start as { variables }' : undefined
}

/** Checks those options that set initial values: each is an initializer or absent, else it is a `StructureError`. */
export const checkInitial = (op: string, options: object, names: readonly string[]): void => {
  for (const name of names) {
    const given = (options as { readonly [name: string]: unknown })[name]
    if (given !== undefined && typeof given !== 'function')
      throw new StructureError({
        op,
        expected: `an initializer for ${name}, which is a function`,
        actual: describe(given),
        remedy: remedyFor(given),
      })
  }
}
