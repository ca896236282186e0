import { type ErrorCode, withCode } from './codes.ts'

/** The fields of an error of this library. */
export interface ErrorFields {
  /** The operation, layer or loss that found the mistake. */
  readonly op: string
  readonly expected: string
  readonly actual: string
  /** The kind of the mistake, if it is not the usual one of its class. */
  readonly code?: ErrorCode | undefined
  /** The names of the layers around it, outermost first. */
  readonly path?: readonly string[] | undefined
  /** How to fix the mistake, if known. */
  readonly remedy?: string | undefined
}

/**
 * Base of errors for mistakes in a program: an operation got an argument that it cannot work on. Its parts are fields.
 */
export abstract class TensorError extends Error implements ErrorFields {
  abstract readonly _tag: string
  /** The kind of the mistake: docs/errors.md has a section for each. The message ends with it. */
  readonly code: ErrorCode
  readonly op: string
  readonly expected: string
  readonly actual: string
  readonly remedy: string | undefined
  path: readonly string[]

  constructor({ op, expected, actual, path = [], remedy, code }: ErrorFields, usual: ErrorCode) {
    super()
    this.code = code ?? usual
    this.op = op
    this.expected = expected
    this.actual = actual
    this.remedy = remedy
    this.path = path
    this.message = sentence(this)
  }
}

const sentence = ({ op, path, expected, actual, remedy, code }: TensorError): string => {
  const place = [op, ...(path.length === 0 ? [] : [`at ${path.join('.')}`])].join(' ')
  return withCode(`${place}: expected ${expected}, got ${actual}${remedy === undefined ? '' : `; ${remedy}`}`, code)
}

/** Error for sizes or axes that do not fit. */
export class ShapeError extends TensorError {
  readonly _tag = 'ShapeError'
  override readonly name = 'ShapeError'

  constructor(fields: ErrorFields) {
    super(fields, 'shape-mismatch')
  }
}

/** Error for a number format that an operation does not accept, or for mixed formats in one operation. */
export class DTypeError extends TensorError {
  readonly _tag = 'DTypeError'
  override readonly name = 'DTypeError'

  constructor(fields: ErrorFields) {
    super(fields, 'dtype-mismatch')
  }
}

/**
 * Error for a number out of range: a label that names no class, a NaN among the targets, the mean of an empty batch.
 */
export class ValueError extends TensorError {
  readonly _tag = 'ValueError'
  override readonly name = 'ValueError'

  constructor(fields: ErrorFields) {
    super(fields, 'out-of-range')
  }
}

/**
 * Error for records of tensors or options with wrong names, for a name used twice, and for a value that is not a tree
 * of tensors.
 */
export class StructureError extends TensorError {
  readonly _tag = 'StructureError'
  override readonly name = 'StructureError'

  constructor(fields: ErrorFields) {
    super(fields, 'wrong-argument')
  }
}

/**
 * Error for reading the numbers of a traced or mapped tensor: a traced one hides them while a function is
 * differentiated; a mapped one stands for many examples within `vmap`.
 */
export class TracedError extends TensorError {
  readonly _tag = 'TracedError'
  override readonly name = 'TracedError'

  constructor(fields: ErrorFields) {
    super(fields, 'traced-read')
  }

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

/** Error for a derivative of higher order than those that were given with a function. */
export class DerivativeError extends TensorError {
  readonly _tag = 'DerivativeError'
  override readonly name = 'DerivativeError'

  constructor(fields: ErrorFields) {
    super(fields, 'no-derivative')
  }
}

const running: string[] = []

/** The names of the layers that are running, the outermost first. */
export const runningPath = (): readonly string[] => [...running]

/** Runs `f`; an error of this library thrown inside gets `name` in front of its path, which tells the layer. */
export const within = <A>(name: string, f: () => A): A => {
  running.push(name)
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
  } finally {
    running.pop()
  }
}
