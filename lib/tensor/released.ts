// Tensors that have got out of a training step by another way than its result: an engine has taken their memory back.
import { ValueError } from '../error/tensorError.ts'
import type { Data } from './data.ts'

/** What is asked of a view. */
export interface Held {
  readonly buffer: Data
  readonly size: number
}

const guards = new WeakMap<object, (data: Data) => boolean>()

/** For an engine's own memory: whether the numbers that a view of it stands for are still there. */
export const guard = (buffer: ArrayBufferLike, isLive: (data: Data) => boolean): void => {
  guards.set(buffer, isLive)
}

export const isReleased = ({ buffer, size }: Held): boolean =>
  buffer.byteOffset === 0
    ? buffer.length === 0 && size > 0 // detached, since the memory has grown
    : guards.get(buffer.buffer)?.(buffer) === false

export const released = (op: string): ValueError =>
  new ValueError({
    op,
    expected: 'a tensor that outlives its training step',
    actual: 'one from within a step that has ended',
    remedy: 'return it from the step, or copy its numbers within the step: toTypedArray',
  })

/** The numbers of a released tensor cannot be read. */
export const checkLive = <R extends Held>(op: string, x: R): R => {
  if (isReleased(x)) throw released(op)
  return x
}
