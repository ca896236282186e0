// Numbers that change from step to step: the count of updates, what a schedule makes of it, the words of random keys.

import { runningPath } from '../error/tensorError.ts'

/** Error for a computation that cannot be recorded as a program; its message says why, and in which layer. */
export class NotRecordable extends Error {
  override readonly name = 'NotRecordable'

  constructor(why: string) {
    const path = runningPath()
    super(path.length === 0 ? why : `${why}, at ${path.join('.')}`)
  }
}

/** The computations of a step on plain numbers, to be repeated before each run. */
export interface Tape {
  /** Throws, and keeps in mind, why a step cannot be recorded: whoever catches the error would go on otherwise. */
  readonly refuse: (why: string) => never
  /** Computes, and notes the computation: its numbers become slots, any other result must be the same at each run. */
  readonly call: (f: (...args: never[]) => unknown, args: readonly unknown[]) => unknown
}

/**
 * A number of a step that is being recorded. It stands where a number would and is filled in before each run, so nobody
 * may calculate with it but a function made by `onHost`.
 */
export class Slot {
  readonly tape: Tape
  readonly index: number

  constructor(tape: Tape, index: number) {
    this.tape = tape
    this.index = index
  }

  [Symbol.toPrimitive](): never {
    return this.tape.refuse('it calculates with a number that changes from step to step')
  }

  toJSON(): never {
    return this.tape.refuse('it prints a number that changes from step to step')
  }
}

/** True for a number that changes from step to step, while a step is being recorded. */
export const isSlot = <T>(value: T): value is T & number => (value as unknown) instanceof Slot

/** A slot among a value and the values in its records and arrays. */
export const slotIn = (value: unknown): Slot | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Slot) return value
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return undefined
  for (const part of Array.isArray(value) ? value : Object.values(value)) {
    const found = slotIn(part)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * A function of plain numbers that a step may apply to numbers that change from step to step. It returns numbers, or
 * records and arrays of them; or something else that it is decided by, such as true or false: then a program holds only
 * as long as the function returns the same.
 */
export const onHost =
  <A extends readonly unknown[], R>(f: (...args: A) => R): ((...args: A) => R) =>
  (...args) => {
    const slot = slotIn(args)
    return slot === undefined ? f(...args) : (slot.tape.call(f as never, args) as R)
  }
