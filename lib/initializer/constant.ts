import { finite } from '../op/elementwise/option.ts'
import { full } from '../tensor/create.ts'
import type { Initializer } from './initializer.ts'

/**
 * Initial values that all equal a number. A number that is not finite is a `ValueError`.
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
 * Initial values of zero, as used for biases.
 *
 * @example
 * import { init, initializer, key, linear, toNested } from 'pullback'
 * toNested(init(linear(3, 2, { b: initializer.zeros }), key(0)).params.b) // => [0, 0]
 */
export const zeros: Initializer = constant(0)
