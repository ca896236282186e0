// The lecture's claim, measured: one minibatch against its examples one by one, for 100 numbers, 200 hidden units, 200 examples.
import b from 'benny'
import { compose, init, key, leastSquares, linear, named, ones, op, random, relu, type Tensor } from 'pullback'

const [dim, hidden, batch] = [100, 200, 200]
const net = compose(named('L1', linear(dim, hidden)), relu, named('L2', linear(hidden, 1)))
const { params } = init(net, key(0))
const x = random.normal(key(1), [batch, dim]) as Tensor<readonly [number, 100]>
const y = random.normal(key(2), [batch, 1]) as Tensor<readonly [number, 1]>
const single = Array.from({ length: batch }, (_, i) => [op.slice(x, [[i, i + 1]]), op.slice(y, [[i, i + 1]])] as const)

const gradient = (input: typeof x, target: typeof y) => {
  const step = net.apply(params, {}, { mode: 'eval' }, input)
  const [, back] = leastSquares.sum(target)(step.value)
  return step.pullback(back(ones([]))).params()
}

await b.suite(
  'gradient of 200 examples',
  b.add('one minibatch', () => {
    gradient(x, y)
  }),
  b.add('one by one', () => {
    for (const [input, target] of single) gradient(input, target)
  }),
  b.cycle(),
  b.complete(),
  b.save({ file: 'minibatch', folder: 'benchmarks/results', format: 'json', details: true }),
)
