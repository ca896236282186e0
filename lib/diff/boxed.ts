import { TracedError } from '../error/tensorError.ts'
import { mark } from '../tensor/data.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { AnyTensor, DType, Shape } from '../type/tensor.ts'

/**
 * A tensor on its way through a function that is being transformed. It lies on the level of that transformation, and holds the
 * tensor that those outside the level see; that is boxed in turn where transformations are nested.
 */
export abstract class Boxed {
  /** What it stands for, for those who want to read it. */
  abstract readonly boxed: 'traced' | 'mapped'
  /** Of two nested levels the inner one has the greater number. */
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

/** A number that was never given before. */
export const nextId = (): number => ++last

/** The one on the innermost level among some arguments, if any is boxed. */
export const innermost = (args: readonly unknown[]): Boxed | undefined => {
  let found: Boxed | undefined
  for (let i = 0; i < args.length; i++) {
    const a = args[i]
    if (a instanceof Boxed && (found === undefined || a.level > found.level)) found = a
  }
  return found
}

/** The value as those outside the level see it. */
export const outside = (level: number, a: unknown): unknown => (a instanceof Boxed && a.level === level ? a.primal : a)

/** The tensor with its numbers behind all levels; that of a mapped one has the numbers of all examples. */
export const unboxed = (t: AnyTensor): AnyTensor => {
  let a: unknown = t
  while (a instanceof Boxed) a = a.primal
  return a as AnyTensor
}

/** Values of a level, or of one within it, that have got out: nothing is known of where they came from any more. */
export const checkLeak = (op: string, values: readonly unknown[], level: number): void => {
  for (const y of values)
    if (y instanceof Boxed && y.level > level)
      throw new TracedError({
        op,
        expected: `a result made of this ${op === 'vmap' ? 'vmap' : 'derivative'}’s own values`,
        actual: `one that has leaked out of an inner ${y.boxed === 'mapped' ? 'vmap' : 'derivative'}`,
        remedy: 'let the inner function return it',
      })
}
