import { ShapeError, StructureError } from '../error/tensorError.ts'
import { showShape } from '../tensor/shape.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { any } from './layer.ts'
import { anyInts, intShape, intsOf } from './port.ts'
import type { Loose } from './records.ts'

/** The port of sequences of any length whose steps are examples of a port. */
export const timed = (op: string, port: Loose): Loose => {
  if (port === any)
    throw new StructureError({
      op,
      expected: 'a layer whose input is known',
      actual: 'one that takes any',
      remedy: 'begin it with input(…)',
    })
  if (Array.isArray(port)) return [-1, ...port]
  if (port === anyInts) return port
  const whole = intShape(port)
  if (whole !== undefined) return intsOf([-1, ...whole])
  return Object.fromEntries(Object.entries(port).map(([name, part]) => [name, timed(op, part)]))
}

/** Checks that sequences [batch, steps, …] have a step. */
export const checkSteps = (op: string, { shape }: AnyTensor): void => {
  if (shape[1] === 0)
    throw new ShapeError({ op, expected: 'a sequence of at least one step', actual: showShape(shape) })
}
