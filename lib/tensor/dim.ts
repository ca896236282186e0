import type { Dim } from '../type/shape.ts'
import { checkShape } from './shape.ts'

/**
 * A size known only at run time, with a name at compile time: it fits itself and no other size.
 *
 * @example
 * import { compose, dim, linear, named, relu } from 'pullback'
 * const hidden = dim('hidden', Number('32'))
 * compose(named('L1', linear(784, hidden)), relu, named('L2', linear(hidden, 10))).input // => [784]
 */
export const dim = <const Name extends string>(_name: Name, size: number): Dim<Name> => {
  checkShape('dim', [size])
  return size as Dim<Name>
}
