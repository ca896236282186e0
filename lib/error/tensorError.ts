/** What an error of this library says, field by field. */
export interface ErrorFields {
  /** The operation, layer or loss that found the mistake. */
  readonly op: string
  readonly expected: string
  readonly actual: string
  /** The names of the layers around it, outermost first. */
  readonly path?: readonly string[] | undefined
  /** What to do about it, where that is known. */
  readonly remedy?: string | undefined
}

/** A mistake in a program: an operation met something that it cannot work on. Carries its parts as fields. */
export abstract class TensorError extends Error implements ErrorFields {
  abstract readonly _tag: string
  readonly op: string
  readonly expected: string
  readonly actual: string
  readonly remedy: string | undefined
  path: readonly string[]

  constructor({ op, expected, actual, path = [], remedy }: ErrorFields) {
    super()
    this.op = op
    this.expected = expected
    this.actual = actual
    this.remedy = remedy
    this.path = path
    this.message = sentence(this)
  }
}

const sentence = ({ op, path, expected, actual, remedy }: TensorError): string =>
  `${[op, ...(path.length === 0 ? [] : [`at ${path.join('.')}`])].join(' ')}: expected ${expected}, got ${actual}${remedy === undefined ? '' : `; ${remedy}`}`

/** Sizes or axes that do not fit. */
export class ShapeError extends TensorError {
  readonly _tag = 'ShapeError'
  override readonly name = 'ShapeError'
}

/** A number format that an operation does not take, or two formats in one operation. */
export class DTypeError extends TensorError {
  readonly _tag = 'DTypeError'
  override readonly name = 'DTypeError'
}

/** A number out of its range: a label that names no class, a NaN among the targets, the mean of nothing. */
export class ValueError extends TensorError {
  readonly _tag = 'ValueError'
  override readonly name = 'ValueError'
}

/** Records whose names differ from what they should be: of tensors or of options; a name used twice, or what is no tree of tensors. */
export class StructureError extends TensorError {
  readonly _tag = 'StructureError'
  override readonly name = 'StructureError'
}

/**
 * The numbers of a traced tensor were read: while a function is being differentiated they are not there to read; or of a mapped
 * one: within `vmap` they are those of many examples.
 */
export class TracedError extends TensorError {
  readonly _tag = 'TracedError'
  override readonly name = 'TracedError'

  static read(op: string, boxed: 'traced' | 'mapped'): TracedError {
    const remedy = {
      traced: 'within vjp, grad, layers and losses use operations only, and read the numbers of the result',
      mapped:
        'within vmap, which runs its function once for all examples, use operations only, and read the numbers of the result',
    } as const
    return new TracedError({
      op,
      expected: 'a tensor with its numbers',
      actual: `a ${boxed} one`,
      remedy: remedy[boxed],
    })
  }
}

/** A derivative that was asked for was never given: that of a function whose own derivative is all that is known. */
export class DerivativeError extends TensorError {
  readonly _tag = 'DerivativeError'
  override readonly name = 'DerivativeError'
}

/** Runs `f`; an error of this library that passes gets `name` in front of its path, so that it says in which layer it arose. */
export const within = <A>(name: string, f: () => A): A => {
  try {
    return f()
  } catch (e) {
    if (e instanceof TensorError) {
      const before = e.message
      e.path = [name, ...e.path]
      e.message = sentence(e)
      if (e.stack !== undefined) e.stack = e.stack.replace(before, e.message)
    }
    throw e
  }
}
