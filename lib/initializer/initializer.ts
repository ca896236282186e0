import type { Key } from '../random/key.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'

/** How a parameter's first values are drawn. */
export type Initializer = <S extends Shape>(key: Key, shape: S, dtype: Float) => Tensor<S>
