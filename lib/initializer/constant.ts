import { finite } from '../op/elementwise/option.ts'
import { full } from '../tensor/create.ts'
import type { Initializer } from './initializer.ts'

/**
 * The same number everywhere: of the first values of a parameter. One that is not finite is a `ValueError`.
 *
 * @example
 * import { init, initializer, key, linear, toNested } from 'pullback'
 * toNested(init(linear(3, 2, { b: initializer.constant(0.5) }), key(0)).params.b) // => [0.5, 0.5]
 */
export const constant = (value: number): Initializer => {
  finite('constant', 'value', value)
  return (_, shape, dtype) => full(shape, value, dtype)
}

/**
 * Zeros: the first values of a parameter, as many begin a bias.
 *
 * @example
 * import { init, initializer, key, linear, toNested } from 'pullback'
 * toNested(init(linear(3, 2, { b: initializer.zeros }), key(0)).params.b) // => [0, 0]
 */
export const zeros: Initializer = constant(0)
