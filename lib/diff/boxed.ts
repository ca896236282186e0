import { TracedError } from '../error/tensorError.ts'
import { mark } from '../tensor/data.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { AnyTensor, DType, Shape } from '../type/tensor.ts'

/**
 * Base of the tensors that a function being transformed sees. Each lies on the level of one transformation and holds
 * the tensor visible outside that level; with nested transformations that tensor is boxed in turn.
 */
export abstract class Boxed {
  /** The kind of box, for error messages. */
  abstract readonly boxed: 'traced' | 'mapped'
  /** The inner one of two nested levels has the greater number. */
  readonly level: number
  readonly primal: AnyTensor
  readonly shape: Shape
  readonly dtype: DType

  constructor(level: number, primal: AnyTensor, shape: Shape) {
    this.level = level
    this.primal = primal
    this.shape = shape
    this.dtype = primal.dtype
  }

  get [mark](): true {
    return true
  }

  get size(): number {
    return sizeOf(this.shape)
  }

  get dimension(): number {
    return this.shape.length
  }

  get data(): never {
    throw TracedError.read('data', this.boxed)
  }

  get stride(): never {
    throw TracedError.read('stride', this.boxed)
  }

  get offset(): never {
    throw TracedError.read('offset', this.boxed)
  }

  get(): never {
    throw TracedError.read('get', this.boxed)
  }

  toJSON(): never {
    throw TracedError.read('toJSON', this.boxed)
  }
}

let last = 0

/** A number that was never returned before. */
export const nextId = (): number => ++last

/** The argument on the innermost level, if any is boxed. */
export const innermost = (args: readonly unknown[]): Boxed | undefined => {
  let found: Boxed | undefined
  for (let i = 0; i < args.length; i++) {
    const a = args[i]
    if (a instanceof Boxed && (found === undefined || a.level > found.level)) found = a
  }
  return found
}

/** The value as seen outside the level. */
export const outside = (level: number, a: unknown): unknown => (a instanceof Boxed && a.level === level ? a.primal : a)

/** The tensor with its numbers behind all levels; for a mapped tensor, the numbers of all examples. */
export const unboxed = (t: AnyTensor): AnyTensor => {
  let a: unknown = t
  while (a instanceof Boxed) a = a.primal
  return a as AnyTensor
}

/** Checks for values that have leaked out of a level or of one within it: their origin is not known any more. */
export const checkLeak = (op: string, values: readonly unknown[], level: number): void => {
  for (const y of values)
    if (y instanceof Boxed && y.level > level)
      throw new TracedError({
        op,
        expected: `a result made of this ${op === 'vmap' ? 'vmap' : 'derivative'}’s own values`,
        actual: `one that has leaked out of an inner ${y.boxed === 'mapped' ? 'vmap' : 'derivative'}`,
        code: 'leaked',
        remedy: 'let the inner function return it',
      })
}
