// Compiled steps give the bits of plain ones with every optimizer, gradient transformation, schedule and wrapper.
import { compose, fromArray, key, linear, named, random, softmaxCrossEntropy, start, tanh, trainStep } from 'pullback'
import t from 'tap'
import { lawsOfStep, type Step } from '../law/program.ts'
import { optimizers } from '../support/optimizers.ts'

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

for (const [name, optimizer] of Object.entries(optimizers))
  t.test(name, async (t) => {
    const step = trainStep(net, softmaxCrossEntropy, optimizer) as unknown as Step
    const compiled = lawsOfStep(t, name, step, start(net, optimizer, key(5)), data)
    t.equal(compiled.reason, undefined)
    t.comment(name, compiled.programs.length)
  })
