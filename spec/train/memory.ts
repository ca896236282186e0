// A long run holds nothing but its last state: memory after 100,000 steps of `fit` is that after 20,000.
import { adam, examples, fit, key, linear, mse, random } from 'pullback'
import t from 'tap'
import { memoryUsed } from '../support/memoryUsed.ts'

t.test('memory is flat over 100,000 steps of fit', async (t) => {
  const net = linear(3, 1)
  const train = examples({ input: random.normal(key(0), [4000, 3]), target: random.normal(key(1), [4000, 1]) })
  const options = { train, key: key(2), epochs: 100, size: 4, signal: new AbortController().signal }
  const found: number[] = []
  let steps = 0
  for await (const state of fit(net, mse, adam(1e-3), options)) {
    steps = state.step
    if (state.epoch % 20 === 0) found.push(await memoryUsed())
  }
  t.equal(steps, 100_000)
  const [first = 0, ...later] = found
  for (const bytes of later)
    t.ok(bytes - first < 2 ** 20, `${found.map((b) => (b / 2 ** 20).toFixed(1)).join(', ')} MiB`)
})
