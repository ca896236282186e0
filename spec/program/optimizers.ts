// Compiled steps give the bits of plain ones over 50 steps, with every optimizer, gradient transformation, wrapper,
// schedule and penalty. A new one of the first three is covered by its entry in spec/support/optimizers.ts.
import {
  adam,
  compose,
  elastic,
  fromArray,
  key,
  l1,
  l2,
  linear,
  named,
  random,
  type Schedule,
  schedule,
  sgd,
  softmaxCrossEntropy,
  start,
  tanh,
  trainStep,
} from 'pullback'
import t from 'tap'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { failures, lawsOfStep, type Step } from '../law/program.ts'
import { engines, on } from '../support/engines.ts'
import { exportedFrom } from '../support/exported.ts'
import { type AnyOptimizer, optimizers } from '../support/optimizers.ts'

const net = compose(named('L1', linear(3, 4)), tanh, named('L2', linear(4, 2)))
const batch = (i: number, n: number) => ({
  input: random.normal(key(i), [n, 3]),
  target: fromArray(
    Array.from({ length: n }, (_, k) => (k + i) % 2),
    [n],
    'int32',
  ),
})
/** Minibatches, of which each fourth is smaller. */
const data = Array.from({ length: 50 }, (_, i) => batch(i, i % 4 === 3 ? 2 : 5))

/** The laws that fail for a step, and what stands in the way of its program. */
const faults = (by: AnyOptimizer, count: number, every: readonly number[], penalty?: unknown): readonly string[] =>
  failures((t) => {
    const step = trainStep(net, softmaxCrossEntropy, by, { penalty } as never) as unknown as Step
    const { reason } = lawsOfStep(t, 'a step', step, start(net, by, key(5)), data.slice(0, count), every)
    t.equal(reason, undefined, 'what stands in the way of a program')
  })

for (const [name, optimizer] of Object.entries(optimizers))
  t.test(name, async (t) => {
    t.same(faults(optimizer, 50, [1, 3, 100]), [])
    for (const engine of [...engines.slice(0, 1), ...engines.slice(2)])
      on(engine, () => t.same(faults(optimizer, 12, [5]), [], engine.name))
  })

const schedules: Readonly<Record<string, Schedule>> = {
  constant: schedule.constant(0.05),
  step: schedule.step(0.1, { every: 7, factor: 0.5 }),
  multiStep: schedule.multiStep(0.1, { at: [3, 12, 40] }),
  exponential: schedule.exponential(0.1, 0.9),
  polynomial: schedule.polynomial(0.1, { steps: 20, power: 2 }),
  cosine: schedule.cosine(0.1, { steps: 20, end: 0.01 }),
  cosineRestarts: schedule.cosineRestarts(0.1, { first: 3, factor: 2 }),
  oneCycle: schedule.oneCycle(0.1, { steps: 30 }),
  linearWarmup: schedule.linearWarmup(0.1, { steps: 5 }),
  join: schedule.join([schedule.linearWarmup(0.1, { steps: 4 }), schedule.exponential(0.1, 0.8)], { at: [4] }),
}

t.test('schedules', async (t) => {
  t.same([...Object.keys(schedules), 'reduceOnPlateau'].sort(), Object.keys(schedule).sort(), 'all of them')
  for (const [name, rate] of Object.entries(schedules)) {
    t.same(faults(sgd(rate) as never, 50, [3]), [], name)
    t.same(faults(adam(rate) as never, 50, [100]), [], `${name}, of adam`)
  }
})

t.test('penalties', async (t) => {
  const penalties = { l1: l1(1e-3), l2: l2(1e-3, { only: ['L1.W'] }), elastic: elastic(1e-3) }
  t.same(Object.keys(penalties).sort(), exportedFrom(/^loss\/penalty/), 'all of them')
  for (const [name, penalty] of Object.entries(penalties))
    t.same(faults(adam(0.01) as never, 20, [3], penalty), [], name)
})

t.test('two threads', async (t) => {
  const two = wasm({ threads: 2 })
  on(two, () => {
    for (const name of ['adam', 'accumulate', 'radam']) t.same(faults(optimizers[name] as never, 20, [3]), [], name)
  })
  two.stop()
})
