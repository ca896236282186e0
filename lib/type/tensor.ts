/** The sizes of a tensor's axes, outermost first: `[2, 3]` has two rows of three; `[]` is a scalar. */
export type Shape = readonly number[]

/** The number formats of values, parameters and gradients. */
export type Float = 'float32' | 'float64'

/** All number formats: floats, and `int32` for class labels and indices. */
export type DType = Float | 'int32'

declare const immutable: unique symbol

/**
 * An immutable array of numbers. At run time it is a scijs ndarray whose setters and buffer the type hides: nobody
 * writes to a tensor, so views share the buffer freely. Read its values with `item`, `toArray` and `toNested`. `set`
 * throws for callers without types; but nothing guards the arrays `data`, `shape` and `stride`, since that would cost
 * every operation: writing into them changes the tensor and all that share them.
 *
 * `S` is the shape, with literal sizes where they are known. A size typed `number` is known at run time only:
 * operations on two tensors and `compose` accept it for any size and check it then; `shaped` makes it literal. `D` is
 * the number format, by default a float of either precision.
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

/**
 * The least that tells a tensor from a record of tensors in a type. It also holds where the sizes are type parameters.
 */
export interface SomeTensor {
  readonly [immutable]: true
}

/** A tensor of any shape and number format. */
export type AnyTensor = Tensor<Shape, DType>
