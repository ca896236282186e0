// Sources of a run of many steps within one scope: they may compute, fail, and be left; each as it is without programs.
import {
  adam,
  compose,
  dropout,
  epochs,
  examples,
  key,
  linear,
  mse,
  named,
  op,
  random,
  scan,
  scanSync,
  start,
  type Tensor,
  trainStep,
} from 'pullback'
import t from 'tap'
import { type Step, same } from '../law/program.ts'

const net = compose(named('L1', linear(3, 4)), dropout({ drop: 0.3 }), named('L2', linear(4, 1)))
const optimizer = adam(0.01)
const step = trainStep(net, mse, optimizer) as unknown as Step
const begin = start(net, optimizer, key(0))
const target = random.normal(key(1), [4, 1])

/** A source that computes each minibatch from the one before, and tells when it is closed. */
const computing = function* (count: number, onEnd = () => {}) {
  let input: Tensor = random.normal(key(2), [4, 3])
  try {
    for (let i = 0; i < count; i++) {
      input = op.scale(op.tanh(input), 1.1)
      yield { input, target: i === 7 ? { broken: true } : target }
    }
    throw new Error('the source has failed')
  } finally {
    onEnd()
  }
}

const last = (data: Iterable<unknown>, every?: number): readonly unknown[] => {
  const run = every === undefined ? scanSync(step, begin, data) : scanSync(step, begin, data, { every })
  let state: unknown
  try {
    for (const [next] of run) state = next
  } catch (e) {
    return [state, (e as Error).message]
  }
  return [state]
}

t.test('a source that computes', async (t) => {
  const data = examples({ input: random.normal(key(11), [10, 3]), target: random.normal(key(12), [10, 1]) })
  const shuffled = function* () {
    let n = 0
    for (const batch of epochs({ size: 4, key: key(6) })(data)) {
      if (n++ === 20) return
      yield batch
    }
  }
  const plain = last(shuffled())
  for (const every of [1, 3, 7, 100]) t.ok(same(last(shuffled(), every), plain), `shuffled epochs, every ${every}`)
  let found: unknown
  for await (const [state] of scan(step, begin, shuffled(), { every: 7 })) found = state
  t.ok(same([found], plain), 'and asynchronously')
})

t.test('a source that fails, and a step that fails before it', async (t) => {
  for (const count of [3, 7, 8, 9])
    for (const every of [1, 2, 100]) {
      const [, expected] = last(computing(count))
      const [, message] = last(computing(count), every)
      t.equal(message, expected, `after ${count} items, every ${every}`)
    }
})

t.test('a source is closed when the run is left or fails, and the error of the step comes first', async (t) => {
  let closed = 0
  const count = () => {
    closed++
  }
  for (const _ of scanSync(step, begin, computing(7, count), { every: 2 })) break
  t.equal(closed, 1)
  last(computing(100, count), 3)
  t.equal(closed, 2)
  const failing = computing(100, () => {
    throw new Error('not closed')
  })
  t.equal(last(failing, 3)[1], last(computing(100))[1])
  const done = {
    [Symbol.iterator]: () => ({
      next: () => {
        throw new Error('no items')
      },
      return: () => {
        throw new Error('closed')
      },
    }),
  }
  t.same(last(done as never, 3), [undefined, 'no items'], 'an iterator that has failed is not closed')
})
