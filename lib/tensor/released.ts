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

/** Whether the array has been transferred to another thread; or the engine's memory has grown, and its views have lost it. */
const isDetached = ({ buffer, size }: Held): boolean => buffer.length === 0 && size > 0

export const isReleased = (x: Held): boolean =>
  x.buffer.byteOffset === 0 ? isDetached(x) : guards.get(x.buffer.buffer)?.(x.buffer) === false

export const released = (op: string, detached = false): ValueError =>
  new ValueError({
    op,
    expected: 'a tensor that outlives its training step',
    actual: `one from within a step that has ended${detached ? ', or whose array was transferred' : ''}`,
    remedy: 'return it from the step, or copy its numbers within the step: toTypedArray',
  })

/** The numbers of a released tensor cannot be read. */
export const checkLive = <R extends Held>(op: string, x: R): R => {
  if (isReleased(x)) throw released(op, isDetached(x))
  return x
}
