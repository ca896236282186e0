import {
  type AnyLayer,
  adam,
  checkpointed,
  compose,
  engine,
  key,
  leastSquares,
  linear,
  named,
  op,
  random,
  repeat,
  residual,
  scanSync,
  start,
  tanh,
  trainStep,
  useEngine,
} from 'pullback'
import t from 'tap'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { sameTree } from '../law/diff.ts'
import { lawsOfLayer } from '../law/layer.ts'
import { counter } from '../support/counter.ts'

const block = residual(compose(named('a', linear(6, 6)), tanh, named('b', linear(6, 6)), counter))
const plain = compose(named('deep', repeat(3, block)), named('out', linear(6, 2)))
const saving = compose(named('deep', repeat(3, checkpointed(block))), named('out', linear(6, 2)))

t.test('the laws of layers', async (t) => {
  lawsOfLayer(t, 'checkpointed', checkpointed(compose(linear(3, 4), tanh, named('L2', linear(4, 2)))) as AnyLayer)
  lawsOfLayer(t, 'within itself', checkpointed(compose(checkpointed(linear(3, 3)), tanh)) as AnyLayer)
})

const [dim, layers, batch] = [64, 40, 1024]
const wide = compose(named('a', linear(dim, dim)), tanh, named('b', linear(dim, dim)), tanh)
const deep = (part: typeof wide): AnyLayer => repeat(layers, part)
const data = { input: random.normal(key(1), [batch, dim]), target: random.normal(key(2), [batch, dim]) } as never

t.test('training is the same, to the last bit', async (t) => {
  const found = [plain, saving].map((net) => {
    const step = trainStep(net, leastSquares, adam(0.01))
    const batches = Array.from({ length: 3 }, (_, i) => ({
      input: random.normal(key(i), [5, 6]) as never,
      target: op.scale(random.normal(key(10 + i), [5, 2]), 1) as never,
    }))
    const last = [...scanSync(step, start(net, adam(0.01), key(0)), batches)].at(-1)
    return last?.[0]
  })
  t.ok(sameTree(found[0]?.params as never, found[1]?.params as never))
  t.ok(sameTree(found[0]?.state as never, found[1]?.state as never))
})

t.test('a step takes less memory', async (t) => {
  const needed = (net: AnyLayer): number => {
    const before = useEngine(wasm({ poison: true }))
    try {
      const step = trainStep(net, leastSquares as never, adam(0.01))
      step(start(net, adam(0.01), key(0)) as never, data)
      return engine().bytes
    } finally {
      useEngine(before)
    }
  }
  const [kept, recomputed] = [needed(deep(wide)), needed(deep(checkpointed(wide)))]
  t.ok(2 * recomputed <= kept, `${recomputed} < ${kept} bytes`)
})
