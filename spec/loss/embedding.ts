// Losses of embeddings, with a network whose weights all parts of the input share.
import {
  adam,
  compose,
  contrastive,
  each,
  examples,
  fit,
  fromNested,
  key,
  linear,
  named,
  random,
  tanh,
  tie,
  tripletMargin,
} from 'pullback'
import t from 'tap'

const encoder = compose(named('a', linear(3, 4)), tanh, named('b', linear(4, 2)))
const x = (seed: number) => random.normal(key(seed), [12, 3])
const falls = (losses: readonly number[] = []): boolean => (losses.at(-1) as number) < 0.9 * (losses[0] as number)

t.test('fit learns from triplets, which have no target', async (t) => {
  const net = tie(each({ anchor: encoder, positive: encoder, negative: encoder }), 'anchor', 'positive', 'negative')
  const train = examples({ input: { anchor: x(1), positive: x(2), negative: x(3) }, target: {} })
  const options = { train, validation: train, key: key(0), epochs: 20, compiled: true } as const
  let losses: readonly number[] | undefined
  for await (const { history } of fit(net, tripletMargin, adam(0.05), options)) losses = history['validation.loss']
  t.ok(falls(losses), `${losses}`)
})

t.test('and from pairs', async (t) => {
  const net = tie(each({ a: encoder, b: encoder }), 'a', 'b')
  const target = fromNested([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 'int32')
  const train = examples({ input: { a: x(1), b: x(2) }, target })
  let losses: readonly number[] | undefined
  for await (const { history } of fit(net, contrastive, adam(0.05), { train, key: key(0), epochs: 20 }))
    losses = history.loss
  t.ok(falls(losses), `${losses}`)
})
