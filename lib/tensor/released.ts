// Tensors that have escaped from a training step other than by its result: the engine has taken back their memory.
import { ValueError } from '../error/tensorError.ts'
import type { Data } from './data.ts'

/** The part of a view that the checks need. */
export interface Held {
  readonly buffer: Data
  readonly size: number
}

const guards = new WeakMap<object, (data: Data) => boolean>()

/** Registers an engine's own memory, with a function that tells if the numbers of a view of it are still there. */
export const guard = (buffer: ArrayBufferLike, isLive: (data: Data) => boolean): void => {
  guards.set(buffer, isLive)
}

/**
 * True if the array has been transferred to another thread, or the engine's memory has grown and detached its views.
 */
const isDetached = ({ buffer, size }: Held): boolean => buffer.length === 0 && size > 0

/** True for an array in the memory of an engine, which will write other numbers over it. */
export const isInEngine = (data: Data): boolean => guards.has(data.buffer)

export const isReleased = (x: Held): boolean =>
  x.buffer.byteOffset === undefined
    ? false
    : x.buffer.byteOffset === 0
      ? isDetached(x)
      : guards.get(x.buffer.buffer)?.(x.buffer) === false

export const released = (op: string, detached = false): ValueError =>
  new ValueError({
    op,
    expected: 'a tensor that outlives its training step',
    actual: `one from within a step that has ended${detached ? ', or whose array was transferred' : ''}`,
    code: 'released',
    remedy: 'return it from the step, or copy its numbers within the step: toTypedArray',
  })

/** Throws for a released tensor, whose numbers cannot be read. */
export const checkLive = <R extends Held>(op: string, x: R): R => {
  if (isReleased(x)) throw released(op, isDetached(x))
  return x
}
