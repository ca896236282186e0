// The composed network against the one coupled by hand, on the same numbers.
import { apply, getVectorSpace, leastSquares, ones, type Params } from 'pullback'
import { bprop, fprop, type Plain, stacked } from './byHand.ts'
import type { Pairs } from './data.ts'
import type { transformingAutoencoder } from './model.ts'
import type { Form } from './pose.ts'

type Net = ReturnType<typeof transformingAutoencoder>

/** Both gradients of the mean squared error of a picture, in one form. */
export const gradients = (net: Net, form: Form, params: Params<Net>, { input, target }: Pairs) => {
  const { value, pullback } = apply(net, { params, state: {} }, { mode: 'eval' }, input)
  const [loss, back] = leastSquares(target)(value)
  const composed = stacked(pullback(back(ones([], loss.dtype))).params())
  const w = stacked(params)
  return { composed, byHand: bprop(w, fprop(w, form, { input, target })) }
}

/** ‖a − b‖ / ‖b‖ of the tensors in which two gradients differ most. */
export const largestDifference = (a: Plain, b: Plain): number =>
  Math.max(
    ...Object.keys(b).map((name) => {
      const [x, y] = [a[name as keyof Plain], b[name as keyof Plain]]
      const V = getVectorSpace(y)
      const e = V.concat(x, V.scale(-1, y))
      return Math.sqrt(V.dot(e, e) / V.dot(y, y))
    }),
  )
