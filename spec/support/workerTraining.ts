// A training that is written for any number of ranks: each takes its share of the examples.
import {
  type Communicator,
  compose,
  fromArray,
  grad,
  init,
  key,
  leastSquares,
  linear,
  named,
  op,
  predict,
  random,
  tanh,
  toTypedArray,
  tree,
} from 'pullback'

const net = compose(named('L1', linear(3, 8)), tanh, named('L2', linear(8, 2)))
const count = 64

/** The parameters after some steps of gradient descent, with gradients that are means over all ranks. */
export const train = ({ rank, size, allReduce }: Communicator): readonly number[] => {
  const share = <N extends number>(seed: number, n: N) =>
    op.slice(random.normal(key(seed), [count, n], 'float64'), [[(rank * count) / size, ((rank + 1) * count) / size]])
  const [input, target] = [share(1, 3), share(2, 2)]
  const { params: first, state } = init(net, key(0), { dtype: 'float64' })
  let params = first
  for (let step = 0; step < 30; step++) {
    const loss = (p: typeof params) => leastSquares(target)(predict(net, { params: p, state }, input))[0]
    const gradient = tree.map(grad(loss)(params), (own) => {
      const numbers = Float64Array.from(toTypedArray(own))
      allReduce(numbers, 'sum')
      return fromArray(
        numbers.map((sum) => sum / size),
        own.shape,
        'float64',
      )
    })
    params = tree.zipWith(params, gradient, (p, g) => op.sub(p, op.scale(g, 0.3)))
  }
  return tree.entries(params).flatMap(([, tensor]) => [...toTypedArray(tensor)])
}
