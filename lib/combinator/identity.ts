import { any, type Layer, none } from '../layer/layer.ts'
import { checkPort, portOf } from '../layer/port.ts'
import type { Any, Port, Same } from '../type/port.ts'

const pass = <I, O>(kind: string, port: I): Layer<I, O> => ({
  kind,
  input: port,
  params: none,
  state: none,
  apply: (_params, _state, _context, x) => {
    checkPort(kind, port, x)
    return { value: x as never, state: none, pullback: (dy) => ({ params: () => none, input: () => dy as never }) }
  },
})

/**
 * The layer that returns its input: the unit of `compose`.
 *
 * @example
 * import { compose, count, identity, linear } from 'pullback'
 * count(compose(identity, linear(3, 2))) // => 8
 */
export const identity: Layer<Any, Same> = pass('identity', any)

/**
 * Declares the input of a chain that begins with layers for any shape. An input of another shape is a `ShapeError`.
 *
 * @example
 * import { compose, input, relu } from 'pullback'
 * compose(input([3]), relu).input // => [3]
 */
export const input = <const I extends Port>(port: I): Layer<I, I> => pass('input', portOf('input', port))
