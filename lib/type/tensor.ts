/** The sizes of a tensor's axes, outermost first: `[2, 3]` has two rows of three; `[]` is a scalar. */
export type Shape = readonly number[]

/** The number formats that values, parameters and gradients come in. */
export type Float = 'float32' | 'float64'

/** All number formats: floats, and `int32` for class labels and indices. */
export type DType = Float | 'int32'

declare const immutable: unique symbol

/**
 * An immutable array of numbers. It is a scijs ndarray at run time, seen without its setters and its buffer: nobody
 * writes to a tensor, so views share the buffer freely. Its values are read through `item`, `toArray` and `toNested`. A program
 * without types is refused `set`; but whoever writes into the arrays `data`, `shape` or `stride` of a tensor, which nothing guards since
 * that would cost every operation, changes it and all that share them.
 *
 * `S` is the shape, with literal sizes where they are known. A size typed `number` is one that only the program knows: operations
 * on two tensors and `compose` take it for any size and check it when the program runs; `shaped` makes it a literal one. `D` is
 * the number format, a float of either precision if not given.
 */
export interface Tensor<out S extends Shape = Shape, out D extends DType = Float> {
  readonly shape: S
  readonly stride: Shape
  readonly offset: number
  readonly size: number
  readonly dimension: S['length']
  readonly dtype: D
  get(...index: { readonly [K in keyof S]: number }): number
  readonly [immutable]: true
}

/** Some tensor: the least that a type can ask to tell tensors from records of them. It holds where the sizes are type parameters too. */
export interface SomeTensor {
  readonly [immutable]: true
}

/** A tensor of any shape and number format. */
export type AnyTensor = Tensor<Shape, DType>
