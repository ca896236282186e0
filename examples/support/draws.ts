// Random data for the programs.
import { key, random, type Shape, type Tensor } from 'pullback'

/**
 * Random tensors in float64, each drawn from the seed and from its own name, as parameters are: adding one changes no
 * other.
 */
export const draws = (seed: number) => {
  const at = (name: string) => random.foldIn(key(seed), name)
  return {
    /** From 0 to 1. */
    uniform: <const S extends Shape>(name: string, shape: S): Tensor<S> =>
      random.uniform(at(name), shape, { dtype: 'float64' }),
    /** With mean 0 and variance 1. */
    normal: <const S extends Shape>(name: string, shape: S): Tensor<S> => random.normal(at(name), shape, 'float64'),
  }
}
