import type { Key } from '../random/key.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'

/** Draws the initial values of a parameter. */
export type Initializer = <S extends Shape>(key: Key, shape: S, dtype: Float) => Tensor<S>
